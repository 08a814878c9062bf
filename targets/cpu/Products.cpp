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

Product productOf(ProductKind kind, const Machine &machine) {
  switch (kind) {
  case ProductKind::Codes:
    return codesProduct(false, machine);
  case ProductKind::LargeCodes:
    return codesProduct(true, machine);
  case ProductKind::Bf16:
    if (machine.bf16)
      return {"vdpbf16ps", true, 1};
    [[fallthrough]];
  case ProductKind::F32:
    break;
  }
  return machine.lanes == 4 ? Product{"mulps, addps", false, 2} : Product{"vfmadd", true, 1};
}

} // namespace phidias
