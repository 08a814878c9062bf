// phi-outline-tiles: each tile op becomes a function of its own, which the layer or the model
// calls. Vector code of all stages in one function would be one long piece of work for every pass
// after this; as many functions are compiled side by side.

#include "dialects/phi/PhiDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "phidias/Tile/Outline.h"
#include "phidias/Tile/Passes.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;
using namespace phidias;

namespace phidias {
#define GEN_PASS_DEF_OUTLINETILESPASS
#include "phidias/Tile/Passes.h.inc"
} // namespace phidias

namespace {

bool isTile(Operation *op) {
  return isa<phi::TileLinearOp, phi::TilePrepareOp, phi::TileEmbedOp, phi::TileAppendOp,
             phi::TileAttentionOp, phi::TileCombineOp, phi::TileChooseOp>(op);
}

bool isConstant(Value value) { return matchPattern(value, m_Constant()); }

/// The operands that a function for `op` is given; what is constant it has itself.
SetVector<Value> parametersOf(Operation *op) {
  SetVector<Value> parameters;
  for (Value operand : op->getOperands())
    if (!isConstant(operand))
      parameters.insert(operand);
  return parameters;
}

/// Operands of `op` → arguments of `function`, or constants in its body.
IRMapping bodyMapping(Operation *op, ValueRange parameters, func::FuncOp function, OpBuilder &b) {
  IRMapping mapping;
  mapping.map(parameters, function.getArguments());
  for (Value operand : op->getOperands())
    if (!mapping.contains(operand))
      b.clone(*operand.getDefiningOp(), mapping);
  return mapping;
}

/// "linear_3" for the fourth phi.tile_linear.
std::string nameOf(Operation *op, llvm::StringMap<int64_t> &counts) {
  StringRef kind = op->getName().stripDialect();
  kind.consume_front("tile_");
  return (kind + "_" + Twine(counts[kind]++)).str();
}

struct OutlineTiles : phidias::impl::OutlineTilesPassBase<OutlineTiles> {
  void runOnOperation() override {
    SmallVector<Operation *> tiles;
    getOperation().walk([&](Operation *op) {
      if (isTile(op))
        tiles.push_back(op);
    });
    llvm::StringMap<int64_t> counts;
    for (Operation *op : tiles)
      outline(op, nameOf(op, counts));
  }
};

} // namespace

Operation *phidias::outline(Operation *op, StringRef name) {
  SetVector<Value> parameters = parametersOf(op);
  ValueRange arguments = parameters.getArrayRef();
  OpBuilder b(op->getContext());
  auto function = func::FuncOp::create(op->getLoc(), name,
                                       b.getFunctionType(arguments.getTypes(), TypeRange()));
  function.setPrivate();
  SymbolTable(op->getParentOfType<ModuleOp>()).insert(function); // under a name of its own
  b.setInsertionPointToStart(function.addEntryBlock());
  IRMapping mapping = bodyMapping(op, arguments, function, b);
  Operation *moved = b.clone(*op, mapping);
  func::ReturnOp::create(b, op->getLoc());
  b.setInsertionPoint(op);
  func::CallOp::create(b, op->getLoc(), function, arguments);
  op->erase();
  return moved;
}
