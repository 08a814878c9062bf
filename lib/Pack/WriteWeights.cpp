// Streams rows from the mapped checkpoint into the weights file: threads make pieces, this one
// appends them in the order in which they lie there.

#include "phidias/Pack/WriteWeights.h"
#include "InOrder.h"
#include "Output.h"
#include "Piece.h"
#include "phirt/abi.h"
#include "llvm/Support/raw_ostream.h"
#include <cstring>

using namespace mlir;
using phirt::abi::WeightsHeader;

namespace phidias {
namespace {

/// Names the layout: part of the id, so that equal bytes in another order do not pass for the same.
std::string layoutText(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  for (auto weight : module.getOps<phi::WeightOp>())
    stream << weight.getSymName() << ' ' << weight.getMembers() << ' ' << weight.getType() << ' '
           << weight.getPacked()->getOffset() << ' ' << weight.getPacked()->getStride()
           << (weight.getPacked()->getPanels() ? " panels\n" : "\n");
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
                                         StringRef path, PackProgress progress,
                                         RoundingOf roundings) {
  uint64_t total = module->getAttrOfType<IntegerAttr>("phi.data_bytes").getInt();
  auto output = Output::create(path, total + sizeof(WeightsHeader));
  if (!output)
    return output.takeError();
  std::vector<Piece> pieces = piecesOf(module);
  auto make = [&](size_t index, std::vector<uint8_t> &bytes) {
    return makePiece(pieces[index], checkpoint, roundings, bytes);
  };
  auto take = [&](size_t index, llvm::ArrayRef<uint8_t> bytes) -> llvm::Error {
    if (llvm::Error failure = output->padTo(pieces[index].offset))
      return failure;
    if (llvm::Error failure = output->append(bytes))
      return failure;
    progress(output->dataBytes(), total);
    return llvm::Error::success();
  };
  if (llvm::Error failure = inOrder(pieces.size(), make, take))
    return failure;
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
