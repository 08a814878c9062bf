// phi.layers: each body becomes a function; a run of layers that share a body becomes a loop of
// calls.

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "phidias/Lower/Loops.h"

using namespace mlir;

namespace phidias::lower {

/// phi-plan-arena has given what the body yields the place of what it carries.
static bool carriesInPlace(phi::LayersOp op, phi::YieldOp yield) {
  Operation *last = yield.getRows().getDefiningOp();
  Attribute place = op->getAttr("arena_offset");
  return last && place && last->getAttr("arena_offset") == place;
}

/// phi-plan-arena has given what goes through the layers the place of their input.
static bool startsInPlace(phi::LayersOp op) {
  Operation *input = op.getInput().getDefiningOp();
  Attribute place = op->getAttr("arena_offset");
  return input && place && input->getAttr("arena_offset") == place;
}

/// func @layer(environment..., layer, member): rows are read from and left in `carried`'s place.
/// Null, with a diagnostic, where the body cannot be lowered.
static func::FuncOp outlineBody(phi::LayersOp op, Region &body, const Lowering &l) {
  Location loc = op.getLoc();
  SmallVector<Type> types = Environment::types(l.cacheElement);
  types.append(2, IndexType::get(op.getContext()));
  OpBuilder b = OpBuilder::atBlockEnd(cast<ModuleOp>(l.symbols.getOp()).getBody());
  auto function = func::FuncOp::create(b, loc, "layer", b.getFunctionType(types, {}));
  function.setPrivate();
  l.symbols.insert(function);
  Block *entry = function.addEntryBlock();
  b.setInsertionPointToStart(entry);
  DenseMap<Value, Value> lowered;
  Lowering inner{b,       l.symbols,  Environment::from(entry->getArguments()),
                 lowered, l.lowerOne, l.cacheElement};
  Value carried = inner.place(op);
  Block &source = body.front();
  lowered[source.getArgument(0)] = entry->getArgument(types.size() - 2);
  lowered[source.getArgument(1)] = entry->getArgument(types.size() - 1);
  lowered[source.getArgument(2)] = carried;
  // A layer works at the pass's own position and choice of RoPE factors.
  for (auto [outer, value] : l.lowered)
    if (isa<BlockArgument>(outer))
      for (auto [from, to] : llvm::zip_equal(l.env.values(), inner.env.values()))
        if (value == from)
          lowered[outer] = to;
  auto yield = cast<phi::YieldOp>(source.getTerminator());
  if (failed(lowerBlock(source, inner)) || failed(checkOperands(yield, inner)))
    return {};
  if (!carriesInPlace(op, yield))
    copyRows(inner, loc, inner.of(yield.getRows()), carried);
  func::ReturnOp::create(b, loc);
  return function;
}

/// Calls `function` for layers [layer, layer + count), members from `member` on.
static void callRun(const Lowering &l, Location loc, func::FuncOp function, int64_t layer,
                    int64_t member, int64_t count) {
  OpBuilder &b = l.builder;
  forRange(b, loc, constantIndex(b, loc, 0), constantIndex(b, loc, count), 1,
           [&](OpBuilder &inner, Value i) {
             SmallVector<Value> arguments = l.env.values();
             arguments.push_back(add(inner, loc, i, constantIndex(inner, loc, layer)));
             arguments.push_back(add(inner, loc, i, constantIndex(inner, loc, member)));
             func::CallOp::create(inner, loc, function, arguments);
           });
}

LogicalResult lowerOp(phi::LayersOp op, const Lowering &l) {
  Location loc = op.getLoc();
  Value carried = l.lowered[op.getResult()] = l.place(op);
  if (!startsInPlace(op))
    copyRows(l, loc, l.of(op.getInput()), carried);
  SmallVector<func::FuncOp> functions;
  for (Region &body : op.getBodies()) {
    functions.push_back(outlineBody(op, body, l));
    if (!functions.back())
      return failure();
  }
  SmallVector<int64_t> members(functions.size(), 0);
  ArrayRef<int64_t> order = op.getOrder();
  for (size_t layer = 0; layer < order.size();) {
    int64_t body = order[layer];
    int64_t count =
        order.drop_front(layer).take_while([&](int64_t other) { return other == body; }).size();
    callRun(l, loc, functions[body], layer, members[body], count);
    members[body] += count;
    layer += count;
  }
  return success();
}

} // namespace phidias::lower
