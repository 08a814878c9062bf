// Runs passes of Phidias, alone or in a pipeline, on a file of MLIR.

#include "Register.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  phidias::registerDialects(registry);
  phidias::registerPasses();
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "Phidias optimiser driver\n", registry));
}
