#pragma once
/// What LowerVector.cpp makes of products, for the report.

#include "phidias/Target/Target.h"

namespace phidias {

Products cpuProducts(const Machine &machine);

} // namespace phidias
