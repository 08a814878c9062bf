// From the table in the program to what encoding and decoding use.

#include "Table.h"
#include <bit>
#include <cstring>

namespace phirt {

using namespace abi::tokenizer;

constexpr size_t kMostText = size_t(1) << 28; // of all tokens together; more comes from damage

static std::unexpected<Error> damaged(const char *what) {
  return error(std::string("tokenizer table is damaged: ") + what);
}

Status TokenizerTable::unpackNamed() {
  pool.assign(base + head->text.offset, head->text.count);
  tokens.assign(head->vocab, Token{{0, 0}, Token::kHidden});
  isNamed.assign(head->vocab, false);
  for (const NamedToken &token : view<NamedToken>(head->named)) {
    if (!isToken(token.id))
      return damaged("an id lies outside the vocabulary");
    tokens[token.id] = {token.text, token.flags};
    isNamed[token.id] = true;
    longest = std::max(longest, text(token.text).size());
  }
  return {};
}

/// `bits` bits from bit `at` on, little-endian; at most 48, with 8 bytes to read.
static uint64_t readBits(const char *bytes, uint64_t at, uint32_t bits) {
  uint64_t word;
  memcpy(&word, bytes + at / 8, sizeof word);
  return word >> at % 8 & ((uint64_t(1) << bits) - 1);
}

Result<std::vector<TokenizerTable::Pair>> TokenizerTable::unpackMerges() const {
  std::vector<Pair> pairs(head->mergeCount);
  const char *bits = base + head->merges.offset;
  auto repeats = view<unsigned char>(head->repeats);
  auto runs = view<Run>(head->runs);
  size_t run = 0;
  int64_t result = 0, rank = -1;
  for (uint32_t k = 0; k < head->mergeCount; ++k) {
    if (run < runs.size() && runs[run].merge == k) {
      result = runs[run].result;
      rank += !runs[run++].sameRank;
    } else if (!(repeats[k / 8] >> k % 8 & 1)) {
      ++result;
      ++rank;
    }
    uint64_t both = readBits(bits, uint64_t(k) * 2 * head->idBits, 2 * head->idBits);
    auto left = static_cast<int32_t>(both & ((1u << head->idBits) - 1));
    auto right = static_cast<int32_t>(both >> head->idBits);
    if (!isToken(left) || !isToken(right) || !isToken(result))
      return damaged("an id lies outside the vocabulary");
    pairs[k] = {left, {right, static_cast<int32_t>(result), static_cast<uint32_t>(rank)}};
  }
  return pairs;
}

Status TokenizerTable::spellTokens(std::span<const Pair> pairs) {
  for (const Pair &pair : pairs) {
    int32_t id = pair.merge.result;
    if (isNamed[id])
      continue;
    std::string_view left = text(tokens[pair.left].text),
                     right = text(tokens[pair.merge.right].text);
    size_t length = left.size() + right.size(), offset = pool.size();
    if (offset + length > kMostText)
      return damaged("its tokens are too long");
    pool.reserve(std::max(offset + length, pool.capacity() < offset + length ? 2 * offset : 0));
    pool += text(tokens[pair.left].text);
    pool += text(tokens[pair.merge.right].text);
    tokens[id] = {{static_cast<uint32_t>(offset), static_cast<uint32_t>(length)}, 0};
    isNamed[id] = true;
    longest = std::max(longest, length);
  }
  isNamed = {};
  return {};
}

/// Orders indices of `pairs` by a key in [0, vocab), keeping the order of equals.
template <class KeyOf>
static std::vector<uint32_t> sorted(std::span<const uint32_t> order, size_t vocab, KeyOf keyOf,
                                    std::vector<uint32_t> &starts) {
  starts.assign(vocab + 1, 0);
  for (uint32_t index : order)
    ++starts[keyOf(index) + 1];
  for (size_t key = 0; key < vocab; ++key)
    starts[key + 1] += starts[key];
  std::vector<uint32_t> out(order.size()), next = starts;
  for (uint32_t index : order)
    out[next[keyOf(index)]++] = index;
  return out;
}

void TokenizerTable::indexMerges(std::span<const Pair> pairs) {
  std::vector<uint32_t> order(pairs.size());
  for (size_t i = 0; i < order.size(); ++i)
    order[i] = static_cast<uint32_t>(i);
  order = sorted(order, vocab(), [&](uint32_t i) { return pairs[i].merge.right; }, mergeStarts);
  order = sorted(order, vocab(), [&](uint32_t i) { return pairs[i].left; }, mergeStarts);
  merges.reserve(order.size());
  for (uint32_t index : order)
    merges.push_back(pairs[index].merge);
}

std::string_view TokenizerTable::keyOf(uint32_t entry) const {
  if (entry < vocab())
    return text(tokens[entry].text);
  return text(view<Key>(head->keys)[entry - vocab()].key);
}

void TokenizerTable::addSlot(std::string_view key, uint32_t entry) {
  size_t at = hashOf(key);
  while (slots[at & (slots.size() - 1)] >= 0)
    ++at;
  slots[at & (slots.size() - 1)] = static_cast<int32_t>(entry);
}

/// Bytes have a table of their own: their words are looked up only where they may be taken whole.
void TokenizerTable::indexKeys() {
  auto keys = view<Key>(head->keys);
  bool byText = has(kByteLevel) && has(kIgnoreMerges);
  slots.assign(std::bit_ceil(((byText ? vocab() : 0) + keys.size()) * 3 / 2 + 1), -1);
  for (uint32_t id = 0; byText && id < vocab(); ++id)
    if (!(tokens[id].flags & (Token::kHidden | Token::kSpecial)))
      addSlot(keyOf(id), id);
  for (uint32_t i = 0; i < keys.size(); ++i)
    if (isToken(keys[i].id))
      addSlot(keyOf(static_cast<uint32_t>(vocab()) + i), static_cast<uint32_t>(vocab()) + i);
}

std::optional<int32_t> TokenizerTable::lookup(std::string_view key) const {
  for (size_t at = hashOf(key);; ++at) {
    int32_t entry = slots[at & (slots.size() - 1)];
    if (entry < 0)
      return std::nullopt;
    if (keyOf(entry) == key)
      return isToken(entry) ? entry : view<Key>(head->keys)[entry - vocab()].id;
  }
}

} // namespace phirt
