#include "targets/cuda/LinearFewMatrix.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;

namespace phidias::cuda {

static vec::Values multiply(const Block &e, ValueRange a, ValueRange b, Value c,
                            ArrayRef<int64_t> shape, std::array<NVVM::MMATypes, 2> types,
                            std::optional<NVVM::MMAIntOverflow> overflow) {
  auto four = LLVM::LLVMStructType::getLiteral(e.b.getContext(), SmallVector<Type>(4, c.getType()));
  Value product =
      NVVM::MmaOp::create(e.b, e.loc, four, a, b, vec::Values(4, c), shape, std::nullopt, overflow,
                          types, std::array{NVVM::MMALayout::row, NVVM::MMALayout::col});
  vec::Values fields;
  for (int64_t i = 0; i < 4; ++i)
    fields.push_back(LLVM::ExtractValueOp::create(e.b, e.loc, product, i));
  return fields;
}

vec::Values multiplyBytes(const Block &e, ValueRange a, ValueRange b, Value c) {
  return multiply(e, a, b, c, {16, 8, 32}, {NVVM::MMATypes::u8, NVVM::MMATypes::s8},
                  NVVM::MMAIntOverflow::wrapped);
}

vec::Values multiplyBf16(const Block &e, ValueRange a, ValueRange b) {
  return multiply(e, a, b, e.f32(0), {16, 8, 16}, {NVVM::MMATypes::bf16, NVVM::MMATypes::bf16},
                  std::nullopt);
}

vec::Values pickHalf(const FewTile &tile, const FewLane &lane, ValueRange c) {
  return {tile.select(lane.inSecond, c[1], c[0]), tile.select(lane.inSecond, c[3], c[2])};
}

void leaveHalves(const FewTile &tile, const FewLane &lane, ValueRange sums,
                 const Partial &partial) {
  const Block &e = tile.e;
  Value split = e.add(e.mul(partial.part, 2), lane.half);
  for (int64_t set = 0; 4 * set < static_cast<int64_t>(sums.size()); ++set) {
    Value quad = vector::FromElementsOp::create(e.b, e.loc, e.floats(4), sums.slice(4 * set, 4));
    auto store = [&] { partial.store(e, quad, split, e.add(lane.t, 4 * set), lane.quad); };
    if (partial.tokens >= 4)
      store();
    else
      e.when(e.less(lane.t, e.index(partial.tokens)), store);
  }
}

} // namespace phidias::cuda
