// A language server for MLIR files with the phi dialect.

#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"
#include "tools/phidias-opt/Register.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  phidias::registerDialects(registry);
  return failed(mlir::MlirLspServerMain(argc, argv, registry));
}
