#include "Bpe.h"
#include "Utf8.h"
#include <algorithm>

namespace phirt {

using namespace abi::tokenizer;

void Bpe::addSymbol(int32_t id) {
  int32_t at = symbols.size();
  if (at > 0)
    symbols.back().next = at;
  symbols.push_back({id, at - 1, -1, false});
}

/// Without an unknown token the character vanishes, as in the reference.
void Bpe::addUnknown(bool previousUnknown) {
  int32_t id = table.header().unknownId;
  bool fused = previousUnknown && table.has(kFuseUnknown);
  if (id >= 0 && !fused)
    addSymbol(id);
}

void Bpe::addBytes(std::string_view word) {
  bool unknown = false;
  for (unsigned char byte : word) {
    int32_t id = table.byteId(byte);
    if (id >= 0)
      addSymbol(id);
    else
      addUnknown(unknown);
    unknown = id < 0;
  }
}

bool Bpe::addFallback(std::string_view character) {
  auto missing = [&](unsigned char byte) { return table.byteId(byte) < 0; };
  if (!table.has(kByteFallback) || std::ranges::any_of(character, missing))
    return false;
  for (unsigned char byte : character)
    addSymbol(table.byteId(byte));
  return true;
}

void Bpe::addCharacters(std::string_view word) {
  bool unknown = false;
  while (!word.empty()) {
    std::string_view character = word.substr(0, utf8::read(word).length);
    word.remove_prefix(character.size());
    std::optional<int32_t> id = table.lookup(character);
    bool known = id.has_value() || addFallback(character);
    if (id)
      addSymbol(*id);
    else if (!known)
      addUnknown(unknown);
    unknown = !known;
  }
}

void Bpe::consider(int32_t at) {
  if (at < 0 || symbols[at].next < 0)
    return;
  if (const Merge *merge = table.merge(symbols[at].id, symbols[symbols[at].next].id)) {
    heap.push_back({merge->rank, at, merge->result});
    std::push_heap(heap.begin(), heap.end());
  }
}

/// Candidates whose symbols changed since are stale; the reference tells them by the result, and so
/// must we.
void Bpe::apply(const Candidate &best) {
  Symbol &left = symbols[best.at];
  if (left.gone || left.next < 0)
    return;
  Symbol &right = symbols[left.next];
  const Merge *merge = table.merge(left.id, right.id);
  if (!merge || merge->result != best.result)
    return;
  left.id = best.result;
  left.next = right.next;
  right.gone = true;
  if (left.next >= 0)
    symbols[left.next].previous = best.at;
  consider(left.previous);
  consider(best.at);
}

void Bpe::mergeAll() {
  heap.clear();
  for (size_t at = 0; at + 1 < symbols.size(); ++at)
    consider(at);
  while (!heap.empty()) {
    std::pop_heap(heap.begin(), heap.end());
    Candidate best = heap.back();
    heap.pop_back();
    apply(best);
  }
}

void Bpe::encode(std::string_view word, std::vector<int32_t> &ids) {
  if (table.has(kIgnoreMerges))
    if (std::optional<int32_t> id = table.lookup(word)) {
      ids.push_back(*id);
      return;
    }
  symbols.clear();
  if (table.has(kByteLevel))
    addBytes(word);
  else
    addCharacters(word);
  mergeAll();
  for (const Symbol &symbol : symbols)
    if (!symbol.gone)
      ids.push_back(symbol.id);
}

} // namespace phirt
