// The bytes of a piece: row by row, in panels or one row after the other, carried, converted or
// rounded.

#include "CarryRow.h"
#include "Piece.h"
#include "RoundRow.h"
#include "phidias/Support/Floats.h"

using namespace mlir;

namespace phidias {
namespace {

class Maker {
public:
  Maker(const Piece &piece, const Checkpoint &checkpoint, RoundingOf roundings)
      : piece(piece), weight(piece.weight), rows(weight, piece.member, checkpoint),
        element(rows.element()),
        quantized(dyn_cast<phi::QuantizedType>(weight.getThrough().value_or(element))) {
    if (!quantized)
      return;
    const Rounding *rounding = roundings ? roundings(weight, piece.member) : nullptr;
    if (!rounding)
      rounding = (own = roundingFor(quantized)).get();
    if (rounding)
      rounded.emplace(quantized, *rounding);
  }

  llvm::Error make(std::vector<uint8_t> &bytes) {
    return weight.getPacked()->getPanels() ? makePanels(bytes) : makeRows(bytes);
  }

private:
  llvm::Error makeRows(std::vector<uint8_t> &bytes) {
    bytes.resize(piece.rows * rowBytes());
    for (int64_t r = 0; r < piece.rows; ++r)
      if (llvm::Error failure = flatRow(piece.firstRow + r, bytes.data() + r * rowBytes()))
        return failure;
    return llvm::Error::success();
  }

  llvm::Error makePanels(std::vector<uint8_t> &bytes) {
    int64_t panelSize = phi::panelBytes(element, phi::kPanelRows, rows.columns());
    bytes.resize(llvm::divideCeil(piece.rows, phi::kPanelRows) * panelSize);
    phi::StepLayout layout = phi::stepLayout(element);
    if (piece.rows % phi::kPanelRows != 0 || rows.columns() % phi::kStepColumns != 0)
      fillPadding(bytes, layout);
    for (int64_t r = 0; r < piece.rows; ++r) {
      uint8_t *panel = bytes.data() + r / phi::kPanelRows * panelSize;
      PanelRow row(panel, layout, r % phi::kPanelRows);
      if (llvm::Error failure = panelRow(piece.firstRow + r, row))
        return failure;
    }
    return llvm::Error::success();
  }

  /// Codes that mean zero, scales of zero.
  void fillPadding(std::vector<uint8_t> &bytes, const phi::StepLayout &layout) {
    std::fill(bytes.begin(), bytes.end(), 0);
    if (!quantized || quantized.getZero() == 0)
      return;
    int64_t zero = quantized.getZero(), low = zero & 15, high = zero >> 4 & 3;
    int64_t code = quantized.getBits() == 8 ? zero : low * 0x11;
    int64_t codesEnd = layout.high < 0 ? layout.scales : layout.high;
    for (auto step = bytes.begin(); step != bytes.end(); step += layout.bytes) {
      std::fill(step, step + codesEnd, static_cast<uint8_t>(code));
      std::fill(step + codesEnd, step + layout.scales, static_cast<uint8_t>(high * 0x55));
    }
  }

  llvm::Error panelRow(int64_t r, const PanelRow &row) {
    if (!isa<phi::QuantizedType>(element))
      return plainPanelRow(r, row);
    if (rows.stored(r) == element) {
      rows.carry(r, row);
      return llvm::Error::success();
    }
    if (llvm::Error failure = roundRow(r))
      return failure;
    rounded->place(row);
    return llvm::Error::success();
  }

  llvm::Error plainPanelRow(int64_t r, const PanelRow &row) {
    // One more column, so that bf16 has a pair at the end of odd rows.
    flat.assign(rowBytes() + 4, 0);
    if (llvm::Error failure = flatRow(r, flat.data()))
      return failure;
    if (element.isBF16())
      for (int64_t pair = 0; pair < (rows.columns() + 1) / 2; ++pair)
        row.bf16(pair, flat.data() + 4 * pair);
    else if (element.isF16())
      for (int64_t k = 0; k < rows.columns(); ++k)
        row.f16(k, flat.data() + 2 * k);
    else
      for (int64_t k = 0; k < rows.columns(); ++k)
        row.f32(k, flat.data() + 4 * k);
    return llvm::Error::success();
  }

  /// Row `r` as plain elements, one after the other.
  llvm::Error flatRow(int64_t r, uint8_t *target) {
    if (!weight.getThrough() && rows.stored(r) == element) {
      std::memcpy(target, rows.bytes(r), rowBytes());
      return llvm::Error::success();
    }
    if (!element.isF32())
      return halfRow(r, reinterpret_cast<uint16_t *>(target));
    auto *values = reinterpret_cast<float *>(target);
    if (!weight.getThrough() || rows.stored(r) == quantized) {
      rows.decode(r, values);
      return llvm::Error::success();
    }
    if (llvm::Error failure = roundRow(r))
      return failure;
    rounded->decode(values, rows.columns());
    return llvm::Error::success();
  }

  llvm::Error halfRow(int64_t r, uint16_t *target) {
    values.resize(rows.columns());
    rows.decode(r, values.data());
    bool fits = true;
    for (auto [value, bits] : llvm::zip(values, llvm::MutableArrayRef(target, values.size()))) {
      bits = element.isBF16() ? toBf16(value) : toHalf(value);
      fits &= element.isBF16() || (bits & 0x7fff) != 0x7c00 || std::isinf(value);
    }
    return fits ? llvm::Error::success() : unfit(r, "a value is too large for f16");
  }

  llvm::Error roundRow(int64_t r) {
    if (!rounded)
      return unfit(r, "there is no rounding to this type");
    if (!rounded->round(rows, r))
      return unfit(r, "a value is not finite, or too large for an f16 scale");
    return llvm::Error::success();
  }

  llvm::Error unfit(int64_t r, const char *why) {
    return llvm::createStringError(
        "weight @%s, layer or member %lld, row %lld: %s", weight.getSymName().str().c_str(),
        static_cast<long long>(piece.member), static_cast<long long>(r), why);
  }

  int64_t rowBytes() const { return rows.columns() * element.getIntOrFloatBitWidth() / 8; }

  const Piece &piece;
  phi::WeightOp weight;
  MemberRows rows;
  Type element;
  phi::QuantizedType quantized; ///< what the values are rounded to; may be null
  std::unique_ptr<Rounding> own;
  std::optional<RoundedRow> rounded;
  std::vector<float> values;
  std::vector<uint8_t> flat;
};

} // namespace

llvm::Error makePiece(const Piece &piece, const Checkpoint &checkpoint, RoundingOf roundings,
                      std::vector<uint8_t> &bytes) {
  return Maker(piece, checkpoint, roundings).make(bytes);
}

} // namespace phidias
