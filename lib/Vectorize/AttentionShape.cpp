#include "AttentionShape.h"
#include "phidias/Vectorize/Scratch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace phidias {
namespace vec {

AttentionShape::AttentionShape(phi::CacheType cache, int64_t heads, int64_t tokens,
                               const VectorTarget &target)
    : element(cache.getElementType()), headDim(cache.getHeadDim()), kvHeads(cache.getKvHeads()),
      group(heads / kvHeads), tokens(tokens), lanes(target.lanes), signedCodes(target.signedCodes),
      valueLanes(target.valueLanes), rows(group * tokens), paddedRows(llvm::alignTo(rows, 16)),
      wide(rows >= 16) {
  bool many = target.registers >= 32; // others have 16
  // Two vectors keep a strip of keys (16 KB at 128 channels) in the first cache while all rows
  // pass; few rows need four to hide the latency of an FMA.
  tileVectors = many && !wide ? 4 : 2;
  tileRows = many && wide ? 8 : 4;
  dotVectors = 2;
  dotRows = many ? 4 : 2;
}

bool AttentionShape::hasRemainder(int64_t bit) const {
  for (int64_t count = 1; count <= tokens; ++count)
    if (count * group & bit)
      return true;
  return false;
}

ScratchParts AttentionShape::scratch() const {
  int64_t end = 0;
  auto part = [&](bool needed, int64_t bytes) {
    int64_t start = end;
    end += needed ? llvm::alignTo(bytes, 64) : 0;
    return start;
  };
  int64_t strip = std::max(headDim, kPositions) * tileVectors * lanes * 4;
  ScratchParts parts;
  parts.queries = part(true, rows * headDim * (isI8() ? 1 : 4));
  parts.queryScales = part(isI8(), rows * groups() * 4);
  parts.seeds = part(isI8(), rows * groups() * 4);
  parts.scores = part(true, rows * kPositions * 4);
  parts.codes = part(codesWeights(), rows * groups() * 2 * kPositions);
  parts.scales = part(codesWeights(), groups() * kPositions * 4);
  parts.largestScales = part(codesWeights(), groups() * 4);
  parts.peaks = part(codesWeights(), paddedRows * 4);
  parts.inverses = part(codesWeights(), paddedRows * 4);
  parts.largest = part(true, paddedRows * 4);
  parts.fresh = part(true, paddedRows * 4);
  parts.keep = part(true, paddedRows * 4);
  parts.sums = part(true, rows * lanes * 4);
  parts.out = part(true, rows * headDim * 4);
  parts.widened = part(widensKeys() || widensValues(), strip);
  parts.end = end;
  return parts;
}

} // namespace vec

int64_t attentionScratchBytes(phi::CacheType cache, int64_t heads, int64_t tokens,
                              const VectorTarget &target) {
  return vec::AttentionShape(cache, heads, tokens, target).scratch().end;
}

int64_t attentionTokens(int64_t heads, int64_t kvHeads) {
  return std::max<int64_t>(1, 64 / (heads / kvHeads));
}

} // namespace phidias
