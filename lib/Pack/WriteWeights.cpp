// Streams rows from the mapped checkpoint into the weights file, in the order in which they lie
// there.

#include "phidias/Pack/WriteWeights.h"
#include "Output.h"
#include "Rows.h"
#include "phirt/abi.h"
#include "llvm/Support/raw_ostream.h"
#include <cstring>

using namespace mlir;
using phirt::abi::WeightsHeader;

namespace phidias {
namespace {

constexpr int64_t kChunkBytes = 8 << 20;

/// One member of a weight, at its place in the data.
struct Placed {
  phi::WeightOp weight;
  int64_t member;
  uint64_t offset;
};

std::vector<Placed> placedInOrder(ModuleOp module) {
  std::vector<Placed> all;
  for (auto weight : module.getOps<phi::WeightOp>())
    for (int64_t member = 0; member < weight.getMembers(); ++member) {
      phi::PackedAttr packed = *weight.getPacked();
      all.push_back({weight, member,
                     static_cast<uint64_t>(packed.getOffset() + member * packed.getStride())});
    }
  llvm::sort(all, [](const Placed &a, const Placed &b) { return a.offset < b.offset; });
  return all;
}

SmallVector<RowSource> sourcesOf(const Placed &placed, const Checkpoint &checkpoint) {
  phi::WeightOp weight = placed.weight;
  auto numbers = weight.getSources().getValues<int64_t>();
  SmallVector<RowSource> sources;
  int64_t parts = weight.getParts().size();
  for (auto [p, attribute] : llvm::enumerate(weight.getParts().getAsRange<phi::PartAttr>())) {
    int64_t at = (placed.member * parts + p) * 2;
    StringRef buffer = checkpoint.files[numbers[at]].buffer->getBuffer();
    auto *bytes = reinterpret_cast<const uint8_t *>(buffer.data()) + numbers[at + 1];
    RankedTensorType type = weight.getTensorType();
    sources.push_back({bytes, *elementTypeOf(attribute.getElement()), type.getElementType(),
                       attribute.getRows(), type.getDimSize(1), attribute.getPermutedHeads()});
  }
  return sources;
}

llvm::Error appendCopy(const RowSource &source, Output &output,
                       llvm::function_ref<void()> progress) {
  llvm::ArrayRef<uint8_t> bytes(source.bytes, source.rows * source.rowBytesFrom());
  while (!bytes.empty()) {
    size_t size = std::min<size_t>(bytes.size(), kChunkBytes);
    if (llvm::Error failure = output.append(bytes.take_front(size)))
      return failure;
    bytes = bytes.drop_front(size);
    progress();
  }
  return llvm::Error::success();
}

llvm::Error appendConverted(const RowSource &source, Output &output,
                            llvm::function_ref<void()> progress) {
  int64_t rowBytes = source.rowBytesTo(), rowsAtOnce = std::max<int64_t>(1, kChunkBytes / rowBytes);
  std::vector<uint8_t> chunk;
  std::vector<float> scratch;
  for (int64_t row = 0; row < source.rows; row += rowsAtOnce) {
    int64_t rows = std::min(rowsAtOnce, source.rows - row);
    chunk.resize(rows * rowBytes);
    for (int64_t r = 0; r < rows; ++r)
      source.convertRow(row + r, chunk.data() + r * rowBytes, scratch);
    if (llvm::Error failure = output.append(chunk))
      return failure;
    progress();
  }
  return llvm::Error::success();
}

/// Names the layout: part of the id, so that equal bytes in another order do not pass for the same.
std::string layoutText(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  for (auto weight : module.getOps<phi::WeightOp>())
    stream << weight.getSymName() << ' ' << weight.getMembers() << ' ' << weight.getType() << ' '
           << weight.getPacked()->getOffset() << ' ' << weight.getPacked()->getStride() << '\n';
  if (text.size() <= sizeof(WeightsHeader::layout))
    return text;
  auto hash = llvm::BLAKE3::hash(
      llvm::ArrayRef(reinterpret_cast<const uint8_t *>(text.data()), text.size()));
  return "blake3 " + llvm::toHex(hash);
}

WeightsHeader headerOf(ModuleOp module, Output &output) {
  WeightsHeader header{};
  std::memcpy(header.magic, "PHIWGHT", 8);
  header.abiVersion = phirt::abi::kVersion;
  header.fileBytes = sizeof(header) + output.dataBytes();
  std::string layout = layoutText(module);
  header.layoutBytes = layout.size();
  std::memcpy(header.layout, layout.data(), layout.size());
  auto data = output.dataHash();
  std::copy(data.begin(), data.end(), header.dataHash);
  llvm::BLAKE3 hasher;
  hasher.update(llvm::ArrayRef<uint8_t>(data));
  hasher.update(layout);
  hasher.update(llvm::ArrayRef(reinterpret_cast<const uint8_t *>(&header.abiVersion),
                               sizeof(header.abiVersion)));
  auto id = hasher.final<32>();
  std::copy(id.begin(), id.end(), header.id);
  return header;
}

} // namespace

llvm::Expected<WeightsFile> writeWeights(ModuleOp module, const Checkpoint &checkpoint,
                                         StringRef path, PackProgress progress) {
  uint64_t total = module->getAttrOfType<IntegerAttr>("phi.data_bytes").getInt();
  auto output = Output::create(path, total + sizeof(WeightsHeader));
  if (!output)
    return output.takeError();
  auto report = [&] { progress(output->dataBytes(), total); };
  for (const Placed &placed : placedInOrder(module)) {
    if (llvm::Error failure = output->padTo(placed.offset))
      return failure;
    for (const RowSource &source : sourcesOf(placed, checkpoint))
      if (llvm::Error failure = source.isCopy() ? appendCopy(source, *output, report)
                                                : appendConverted(source, *output, report))
        return failure;
  }
  if (llvm::Error failure = output->padTo(total))
    return failure;
  WeightsHeader header = headerOf(module, *output);
  if (llvm::Error failure = output->finish(
          llvm::ArrayRef(reinterpret_cast<const uint8_t *>(&header), sizeof(header))))
    return failure;
  WeightsFile file;
  std::copy(std::begin(header.id), std::end(header.id), file.id.begin());
  file.bytes = header.fileBytes;
  return file;
}

} // namespace phidias
