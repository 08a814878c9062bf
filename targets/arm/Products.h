#pragma once
/// What LowerVector.cpp makes of a product, for the report.

#include "phidias/Target/Target.h"

namespace phidias {

Product armProductOf(ProductKind kind, const Machine &machine);

} // namespace phidias
