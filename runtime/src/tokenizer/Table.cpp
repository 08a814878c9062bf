#include "Table.h"
#include <algorithm>
#include <bit>
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
      {h.tokens, sizeof(Token)},
      {h.lookup, sizeof(Slot)},
      {h.mergeStarts, sizeof(uint32_t)},
      {h.merges, sizeof(Merge)},
      {h.byteIds, sizeof(int32_t)},
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

static Status checkCounts(const Header &h) {
  bool lookup = h.lookup.count == 0 || std::has_single_bit(h.lookup.count);
  if (!lookup || h.tokens.count > 1u << 24 || h.mergeStarts.count != h.tokens.count + 1 ||
      h.byteIds.count != 256 || h.steps.count > 64 || h.normalizers.count > 64)
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
    status = checkIds(table);
  if (!status)
    return std::unexpected(status.error());
  return table;
}

std::string_view TokenizerTable::text(Text text) const {
  if (uint64_t(text.offset) + text.length > head->text.count)
    return {};
  return {base + head->text.offset + text.offset, text.length};
}

const Token *TokenizerTable::token(int64_t id) const {
  return isToken(id) ? &view<Token>(head->tokens)[id] : nullptr;
}

std::optional<int32_t> TokenizerTable::lookup(std::string_view key) const {
  std::span<const Slot> slots = view<Slot>(head->lookup);
  size_t at = hashOf(key);
  for (size_t probes = 0; probes < slots.size(); ++probes, ++at) {
    const Slot &slot = slots[at & (slots.size() - 1)];
    if (!isToken(slot.id))
      return std::nullopt;
    if (text(slot.key) == key)
      return slot.id;
  }
  return std::nullopt;
}

const Merge *TokenizerTable::merge(int32_t left, int32_t right) const {
  if (!isToken(left))
    return nullptr;
  std::span<const uint32_t> starts = view<uint32_t>(head->mergeStarts);
  std::span<const Merge> all = view<Merge>(head->merges);
  size_t begin = starts[left], end = starts[left + 1];
  if (begin > end || end > all.size())
    return nullptr;
  std::span<const Merge> merges = all.subspan(begin, end - begin);
  auto found = std::ranges::lower_bound(merges, right, {}, &Merge::right);
  bool usable = found != merges.end() && found->right == right && isToken(found->result);
  return usable ? &*found : nullptr;
}

} // namespace phirt
