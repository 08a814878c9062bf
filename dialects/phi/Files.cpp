// The module's attribute phi.files; that weights point into it is checked by phi.weight.

#include "dialects/phi/PhiDialect.h"
#include "mlir/IR/BuiltinOps.h"

using namespace mlir;

namespace phidias::phi {

static LogicalResult verifyNames(ModuleOp module, Attribute files) {
  auto list = dyn_cast<ArrayAttr>(files);
  if (!list)
    return module.emitError("'phi.files' must be a list of file names, got ") << files;
  for (auto [i, file] : llvm::enumerate(list)) {
    auto name = dyn_cast<StringAttr>(file);
    if (!name || name.getValue().empty())
      return module.emitError("'phi.files' must be a list of file names, got ")
             << file << " at " << i;
  }
  return success();
}

LogicalResult PhiDialect::verifyOperationAttribute(Operation *op, NamedAttribute attribute) {
  if (attribute.getName() != "phi.files")
    return success();
  auto module = dyn_cast<ModuleOp>(op);
  if (!module)
    return op->emitError("'phi.files' belongs to a module");
  return verifyNames(module, attribute.getValue());
}

} // namespace phidias::phi
