#include "phidias/Vectorize/ConstantList.h"

using namespace mlir;

namespace phidias::vec {

Value constantList(const Emitter &e, Operation *op, DenseElementsAttr values) {
  auto module = op->getParentOfType<ModuleOp>();
  auto type = MemRefType::get({values.getNumElements()}, e.b.getF32Type());
  for (auto global : module.getOps<memref::GlobalOp>())
    if (global.getInitialValueAttr() == values)
      return memref::GetGlobalOp::create(e.b, e.loc, type, global.getSymName());
  SymbolTable symbols(module); // before there are two of a name: insert renames
  OpBuilder top = OpBuilder::atBlockBegin(module.getBody());
  auto global = memref::GlobalOp::create(top, e.loc, "rope_frequencies",
                                         top.getStringAttr("private"), type, values,
                                         /*constant=*/true, IntegerAttr());
  symbols.insert(global);
  return memref::GetGlobalOp::create(e.b, e.loc, type, global.getSymName());
}

} // namespace phidias::vec
