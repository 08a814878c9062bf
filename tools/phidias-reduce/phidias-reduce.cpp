// Shrinks a file of MLIR that shows a bug.

#include "mlir/Tools/mlir-reduce/MlirReduceMain.h"
#include "tools/phidias-opt/Register.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  phidias::registerDialects(registry);
  phidias::registerPasses();
  mlir::MLIRContext context(registry);
  return failed(mlir::mlirReduceMain(argc, argv, context));
}
