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

Products armProducts(const Machine &machine) {
  Product f32{"fmla", true, 1}, bf16 = machine.bf16 ? Product{"bfdot", true, 1} : f32;
  return {codesProduct(false, machine), codesProduct(true, machine), bf16, f32};
}

} // namespace phidias
