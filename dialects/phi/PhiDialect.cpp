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
  if (!elementType.isF32() && !elementType.isF16() && !elementType.isInteger(8))
    return emitError() << "cache element type must be f32, f16 or i8, got " << elementType;
  if (elementType.isInteger(8) && headDim % 32 != 0)
    return emitError() << "i8 needs heads of a multiple of 32 channels, got " << headDim;
  return success();
}

int64_t CacheType::getHeadBytes() {
  if (getElementType().isInteger(8))
    return getHeadDim() + getHeadDim() / 32 * 2;
  return getHeadDim() * getElementType().getIntOrFloatBitWidth() / 8;
}

LogicalResult PackedAttr::verify(function_ref<InFlightDiagnostic()> emitError, int64_t offset,
                                 int64_t stride, bool) {
  if (offset < 0 || stride < 0)
    return emitError() << "packed offset and stride must not be negative, got " << offset << " and "
                       << stride;
  return success();
}

LogicalResult MachineAttr::verify(function_ref<InFlightDiagnostic()> emitError, int64_t lanes,
                                  int64_t registers, int64_t l1, int64_t l2, bool, bool,
                                  int64_t prefetch, bool, bool valueLanes, bool matrix,
                                  int64_t attentionItems, bool, bool, bool smallLoops,
                                  int64_t threads) {
  if (lanes != 4 && lanes != 8 && lanes != 16)
    return emitError() << "lanes must be 4, 8 or 16, got " << lanes;
  if (valueLanes && lanes != 4)
    return emitError() << "value_lanes needs 4 lanes, got " << lanes;
  if (matrix && !valueLanes)
    return emitError() << "matrix needs value_lanes";
  if (smallLoops && lanes == 4)
    return emitError() << "small_loops needs 8 or 16 lanes, got 4";
  if (prefetch < 0 || prefetch > 4096)
    return emitError() << "prefetch must be 0 to 4096, got " << prefetch;
  if (attentionItems < 0 || attentionItems > 4096)
    return emitError() << "attention_items must be 0 to 4096, got " << attentionItems;
  if (threads < 0 || threads > 1024 || threads % 32 != 0)
    return emitError() << "threads must be a multiple of 32 up to 1024, got " << threads;
  if (registers < 8 || l1 < 4096 || l2 < l1)
    return emitError() << "a machine needs 8 registers, 4096 bytes of l1 and as many of l2, got "
                       << registers << ", " << l1 << ", " << l2;
  return success();
}

LogicalResult ScheduleAttr::verify(function_ref<InFlightDiagnostic()> emitError, int64_t streams,
                                   int64_t prefetch, int64_t tokens, int64_t panels, int64_t chunk,
                                   int64_t fewPrefetch) {
  if (fewPrefetch < 0 || fewPrefetch > 4096)
    return emitError() << "few_prefetch must be 0 to 4096, got " << fewPrefetch;
  if (streams < 1 || streams > 16 || prefetch < 0 || prefetch > 4096)
    return emitError() << "streams must be 1 to 16 and prefetch 0 to 4096, got " << streams
                       << " and " << prefetch;
  if (tokens < 1 || tokens > 1024 || panels < 1 || panels > 8)
    return emitError() << "tokens must be 1 to 1024 and panels 1 to 8, got " << tokens << " and "
                       << panels;
  if (chunk < 64 || chunk % 64 != 0)
    return emitError() << "chunk must be a multiple of 64 columns, got " << chunk;
  return success();
}
