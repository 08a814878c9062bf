// Merges, and the texts that they leave to be said.

#include "TableLayout.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Endian.h"

namespace phidias::tokenizer {

void sortMerges(std::vector<Merge> &merges) {
  auto pairOf = [](const Merge &m) { return std::pair(m.left, m.right); };
  llvm::sort(merges, [](const Merge &a, const Merge &b) {
    return std::tie(a.left, a.right, a.rank) < std::tie(b.left, b.right, b.rank);
  });
  std::vector<Merge> last;
  for (size_t i = 0; i < merges.size(); ++i)
    if (i + 1 == merges.size() || pairOf(merges[i]) != pairOf(merges[i + 1]))
      last.push_back(merges[i]);
  llvm::sort(last, [](const Merge &a, const Merge &b) {
    return std::tie(a.rank, a.result, a.left, a.right) <
           std::tie(b.rank, b.result, b.left, b.right);
  });
  merges = std::move(last);
}

/// Which tokens the runtime would not spell rightly from their first merge: it goes through the
/// merges once, and both parts must have their texts by then.
static std::vector<bool> namedTokens(const std::vector<Spelling> &tokens,
                                     const std::vector<Merge> &merges) {
  enum : uint8_t { Open, Spelled, Named };
  std::vector<uint8_t> state(tokens.size(), Open);
  for (size_t id = 0; id < tokens.size(); ++id)
    if (tokens[id].flags)
      state[id] = Named;
  auto use = [&](int32_t part) { state[part] = state[part] == Open ? Named : state[part]; };
  for (const Merge &m : merges) {
    if (state[m.result] != Open)
      continue;
    use(m.left);
    use(m.right);
    bool right = tokens[m.result].text == tokens[m.left].text + tokens[m.right].text;
    state[m.result] = right && state[m.result] == Open ? Spelled : Named;
  }
  std::vector<bool> named(tokens.size());
  for (size_t id = 0; id < tokens.size(); ++id)
    named[id] = state[id] != Spelled && (!tokens[id].text.empty() || state[id] == Named);
  return named;
}

void writeNamed(const std::vector<Spelling> &tokens, const std::vector<Merge> &merges,
                Layout &out) {
  std::vector<abi::NamedToken> named;
  for (const auto &[id, isNamed] : llvm::enumerate(namedTokens(tokens, merges)))
    if (isNamed)
      named.push_back({static_cast<int32_t>(id), tokens[id].flags, out.add(tokens[id].text)});
  out.header.vocab = tokens.size();
  out.header.named = out.section(named);
}

static void writeRuns(const std::vector<Merge> &merges, Layout &out) {
  std::vector<abi::Run> runs;
  std::vector<uint8_t> repeats((merges.size() + 7) / 8);
  for (size_t k = 0; k < merges.size(); ++k) {
    bool sameRank = k && merges[k].rank == merges[k - 1].rank;
    if (sameRank && merges[k].result == merges[k - 1].result)
      repeats[k / 8] |= 1 << k % 8;
    else if (k == 0 || sameRank || merges[k].result != merges[k - 1].result + 1)
      runs.push_back({static_cast<uint32_t>(k), merges[k].result, sameRank});
  }
  out.header.runs = out.section(runs);
  out.header.repeats = out.section(repeats);
}

void writeMerges(const std::vector<Merge> &merges, Layout &out) {
  unsigned width = std::max(1u, llvm::Log2_32_Ceil(out.header.vocab));
  std::vector<uint8_t> bits((merges.size() * 2 * width + 7) / 8 + sizeof(uint64_t));
  for (size_t k = 0; k < merges.size(); ++k) {
    uint64_t at = k * 2 * width;
    uint64_t both = uint64_t(merges[k].left) | uint64_t(merges[k].right) << width;
    llvm::support::endian::write64le(&bits[at / 8], llvm::support::endian::read64le(&bits[at / 8]) |
                                                        both << at % 8);
  }
  out.header.mergeCount = merges.size();
  out.header.idBits = width;
  out.header.merges = out.section(bits);
  writeRuns(merges, out);
}

} // namespace phidias::tokenizer
