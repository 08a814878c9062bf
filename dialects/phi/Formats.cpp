#include "dialects/phi/Formats.h"
#include "dialects/phi/PhiDialect.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

namespace phidias::phi {

/// What the codes of int4 stand for: scripts/int4_codebook.py found them.
static constexpr int8_t kInt4Codebook[16] = {-127, -99, -78, -61, -47, -33, -21, -9,
                                             2,    13,  24,  36,  50,  65,  82,  105};

namespace {

/// Makes the quantised types.
struct Formats {
  MLIRContext *context;
  Type f16 = Float16Type::get(context), f32 = Float32Type::get(context);

  Type scaled(int64_t bits, int64_t zero, bool rotated = false) const {
    return QuantizedType::get(context, bits, 32, f16, zero, Type(), Type(), DenseI8ArrayAttr(),
                              rotated);
  }
  Type withMinimum() const {
    return QuantizedType::get(context, 4, 32, f16, 0, f16, Type(), DenseI8ArrayAttr(), false);
  }
  Type twoLevels() const {
    Type i8 = IntegerType::get(context, 8);
    return QuantizedType::get(context, 6, 16, i8, 32, Type(), f32, DenseI8ArrayAttr(), false);
  }
  Type codebook(ArrayRef<int8_t> values) const {
    return QuantizedType::get(context, 4, 32, f16, 0, Type(), Type(),
                              DenseI8ArrayAttr::get(context, values), /*rotated=*/true);
  }
};

} // namespace

Type formatType(MLIRContext *context, StringRef name) {
  Formats formats{context};
  return llvm::StringSwitch<Type>(name)
      .Case("f32", formats.f32)
      .Case("f16", formats.f16)
      .Case("bf16", BFloat16Type::get(context))
      .Case("q4_0", formats.scaled(4, 8))
      .Case("q4_1", formats.withMinimum())
      .Case("q8_0", formats.scaled(8, 128))
      .Case("int8", formats.scaled(8, 128, /*rotated=*/true))
      .Case("q6_k", formats.twoLevels())
      .Case("int4", formats.codebook(kInt4Codebook))
      .Default(Type());
}

} // namespace phidias::phi
