#include "targets/cpu/Products.h"

namespace phidias {

static Product codesProduct(bool large, const Machine &machine) {
  if (machine.dot)
    return {"vpdpbusd", true, 1};
  if (machine.lanes == 4) // two shifts of each operand or one and a mask, multiply, add; four times
    return {"pmulld for each byte", false, 4 * 6};
  if (large) // the codes' own widening is shared by the tokens of a tile
    return {"vpmaddwd of even and odd bytes", false, 4};
  return {"vpmaddubsw, vpmaddwd, vpaddd", false, 3};
}

Products cpuProducts(const Machine &machine) {
  bool fused = machine.lanes > 4;
  Product f32 = fused ? Product{"vfmadd", true, 1} : Product{"mulps, addps", false, 2};
  Product bf16 = machine.bf16 ? Product{"vdpbf16ps", true, 1} : f32;
  return {codesProduct(false, machine), codesProduct(true, machine), bf16, f32};
}

} // namespace phidias
