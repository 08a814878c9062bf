#include "targets/arm/Products.h"

namespace phidias {

/// Of a long pass, where there is a choice: few tokens take sdot and usdot, and wait for memory.
static Product codesProduct(bool large, const Machine &machine) {
  bool asSigned = machine.signedCodes || !large;
  if (machine.matrix) // 32 multiply-adds, where a vector of accumulators takes 16
    return {asSigned ? "smmla" : "usmmla", true, 0.5};
  if (machine.dot)
    return {asSigned ? "sdot" : "usdot", true, 1};
  return {"smull, smull2, addp, sadalp", false, 4};
}

Product armProductOf(ProductKind kind, const Machine &machine) {
  switch (kind) {
  case ProductKind::Codes:
    return codesProduct(false, machine);
  case ProductKind::LargeCodes:
    return codesProduct(true, machine);
  case ProductKind::Bf16:
    if (machine.bf16)
      return {"bfdot", true, 1};
    [[fallthrough]];
  case ProductKind::F32:
    break;
  }
  return {"fmla", true, 1};
}

} // namespace phidias
