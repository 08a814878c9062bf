#include "Table.h"
#include <algorithm>
#include <cstring>

namespace phirt {

using namespace abi::tokenizer;

static Status checkSection(Section section, size_t elementSize, uint64_t tableSize) {
  uint64_t end = section.offset + uint64_t(section.count) * elementSize;
  if (section.offset % 8 == 0 && end <= tableSize)
    return {};
  return error("tokenizer table is damaged: a section ends at byte " + std::to_string(end) +
               " of " + std::to_string(tableSize));
}

static Status checkSections(const Header &h, uint64_t size) {
  const std::pair<Section, size_t> sections[] = {
      {h.text, 1},
      {h.named, sizeof(NamedToken)},
      {h.keys, sizeof(Key)},
      {h.byteIds, sizeof(int32_t)},
      {h.runs, sizeof(Run)},
      {h.repeats, 1},
      {h.merges, 1},
      {h.added, sizeof(AddedToken)},
      {h.normalAdded, sizeof(AddedToken)},
      {h.steps, sizeof(Step)},
      {h.normalizers, sizeof(Normalizer)},
  };
  for (auto [section, elementSize] : sections)
    if (Status status = checkSection(section, elementSize, size); !status)
      return status;
  return {};
}

/// Bytes that the packed merges take: whole words are read from any bit of them.
static uint64_t packedBytes(const Header &h) {
  return (uint64_t(h.mergeCount) * 2 * h.idBits + 7) / 8 + sizeof(uint64_t);
}

static Status checkCounts(const Header &h) {
  bool hasRun = h.mergeCount == 0 || h.runs.count > 0;
  if (h.vocab > 1u << 24 || h.idBits < 1 || h.idBits > 24 || h.byteIds.count != 256 || !hasRun ||
      h.merges.count < packedBytes(h) || h.repeats.count < (uint64_t(h.mergeCount) + 7) / 8 ||
      h.steps.count > 64 || h.normalizers.count > 64)
    return error("tokenizer table is damaged: its sections have impossible lengths");
  return {};
}

static Status checkIds(const TokenizerTable &table) {
  const Header &h = table.header();
  auto unusable = [&](int64_t id) { return id != -1 && !table.isToken(id); };
  bool bad = unusable(h.unknownId) || std::ranges::any_of(table.view<int32_t>(h.byteIds), unusable);
  for (Section section : {h.added, h.normalAdded})
    bad |= std::ranges::any_of(table.view<AddedToken>(section), [&](const AddedToken &token) {
      return !table.isToken(token.id) || table.text(token.content).empty();
    });
  if (bad)
    return error("tokenizer table is damaged: an id lies outside the vocabulary");
  return {};
}

Result<TokenizerTable> TokenizerTable::open(abi::Blob blob) {
  if (!blob.data || blob.size < sizeof(Header) || reinterpret_cast<uintptr_t>(blob.data) % 8)
    return error("tokenizer table is missing, cut or not aligned");
  TokenizerTable table;
  table.base = static_cast<const char *>(blob.data);
  table.head = static_cast<const Header *>(blob.data);
  if (std::memcmp(table.head->magic, kMagic, sizeof(kMagic)) || table.head->version != kVersion)
    return error("tokenizer table has version " + std::to_string(table.head->version) +
                 ", expected " + std::to_string(kVersion));
  Status status = checkSections(*table.head, blob.size);
  if (status)
    status = checkCounts(*table.head);
  if (status)
    status = table.unpackNamed();
  if (!status)
    return std::unexpected(status.error());
  Result<std::vector<Pair>> pairs = table.unpackMerges();
  status = pairs ? table.spellTokens(*pairs) : Status(std::unexpected(pairs.error()));
  if (status)
    status = checkIds(table);
  if (!status)
    return std::unexpected(status.error());
  table.indexMerges(*pairs);
  table.indexKeys();
  return table;
}

const Merge *TokenizerTable::merge(int32_t left, int32_t right) const {
  if (!isToken(left))
    return nullptr;
  auto begin = merges.begin() + mergeStarts[left], end = merges.begin() + mergeStarts[left + 1];
  auto found = std::ranges::lower_bound(begin, end, right, {}, &Merge::right);
  return found != end && found->right == right ? &*found : nullptr;
}

} // namespace phirt
