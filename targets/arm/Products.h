#pragma once
/// What LowerVector.cpp makes of products, for the report.

#include "phidias/Target/Target.h"

namespace phidias {

Products armProducts(const Machine &machine);

} // namespace phidias
