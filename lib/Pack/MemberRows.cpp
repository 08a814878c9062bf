#include "MemberRows.h"
#include "CarryRow.h"

using namespace mlir;

namespace phidias {

static ElementType elementTypeOf(StringRef name) {
  for (ElementType type : {ElementType::F32, ElementType::F16, ElementType::BF16, ElementType::Q4_0,
                           ElementType::Q4_1, ElementType::Q8_0, ElementType::Q6_K})
    if (layoutOf(type).name == name)
      return type;
  llvm_unreachable("the builder names only these");
}

int64_t RowSource::rowBytes() const {
  return columns / layoutOf(from).blockElements * layoutOf(from).blockBytes;
}

const uint8_t *RowSource::row(int64_t row) const {
  if (permutedHeads > 0) {
    int64_t headRows = rows / permutedHeads, half = headRows / 2;
    int64_t head = row / headRows, within = row % headRows;
    row = head * headRows + 2 * (within % half) + within / half;
  }
  return bytes + row * rowBytes();
}

MemberRows::MemberRows(phi::WeightOp weight, int64_t member, const Checkpoint &checkpoint)
    : type(weight.getTensorType()) {
  auto numbers = weight.getSources().getValues<int64_t>();
  int64_t parts = weight.getParts().size();
  for (auto [p, part] : llvm::enumerate(weight.getParts().getAsRange<phi::PartAttr>())) {
    int64_t at = (member * parts + p) * 2;
    StringRef buffer = checkpoint.files[numbers[at]].buffer->getBuffer();
    auto *bytes = reinterpret_cast<const uint8_t *>(buffer.data()) + numbers[at + 1];
    sources.push_back({bytes, elementTypeOf(part.getElement()), part.getStoredType(),
                       part.getRows(), columns(), part.getPermutedHeads()});
  }
}

/// Makes `row` a row of the part that is returned.
const RowSource &MemberRows::find(int64_t &row) const {
  size_t part = 0;
  for (; row >= sources[part].rows; ++part)
    row -= sources[part].rows;
  return sources[part];
}

const uint8_t *MemberRows::bytes(int64_t row) const {
  const RowSource &source = find(row);
  return source.row(row);
}

void MemberRows::carry(int64_t row, const PanelRow &target) const {
  const RowSource &source = find(row);
  carryRow(source.from, source.row(row), source.columns, target);
}

void MemberRows::decode(int64_t row, float *target) const {
  const RowSource &source = find(row);
  decodeElements(source.from, source.row(row), source.columns, target);
}

} // namespace phidias
