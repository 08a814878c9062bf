#include "dialects/phi/PhiDialect.h"
#include "dialects/phi/Printing.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace phidias::phi;

#include "dialects/phi/PhiDialect.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "dialects/phi/PhiTypes.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/phi/PhiAttrs.cpp.inc"
#define GET_OP_CLASSES
#include "dialects/phi/PhiOps.cpp.inc"

void PhiDialect::initialize() {
  registerTypes();
  registerAttributes();
  addOperations<
#define GET_OP_LIST
#include "dialects/phi/PhiOps.cpp.inc"
      >();
}

void PhiDialect::registerTypes() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialects/phi/PhiTypes.cpp.inc"
      >();
}

void PhiDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/phi/PhiAttrs.cpp.inc"
      >();
}

LogicalResult CacheType::verify(function_ref<InFlightDiagnostic()> emitError, int64_t layers,
                                int64_t kvHeads, int64_t headDim, Type elementType) {
  if (layers < 1 || kvHeads < 1 || headDim < 1)
    return emitError() << "cache sizes must be positive, got " << layers << " x " << kvHeads
                       << " x " << headDim;
  if (!elementType.isF32())
    return emitError() << "cache element type must be f32, got " << elementType;
  return success();
}

LogicalResult PackedAttr::verify(function_ref<InFlightDiagnostic()> emitError, int64_t offset,
                                 int64_t stride) {
  if (offset < 0 || stride < 0)
    return emitError() << "packed offset and stride must not be negative, got " << offset << " and "
                       << stride;
  return success();
}
