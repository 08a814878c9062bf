#pragma once
#include "Table.h"
#include <vector>

namespace phirt {

/// Byte-pair encoding of single words: neighbours merge in the order of the merges' ranks, the
/// leftmost first. A word of n symbols costs n log n.
class Bpe {
public:
  explicit Bpe(const TokenizerTable &table) : table(table) {}
  void encode(std::string_view word, std::vector<int32_t> &ids);

private:
  struct Symbol {
    int32_t id, previous, next; ///< neighbours: -1 at the ends
    bool gone;                  ///< merged into the one before it
  };
  struct Candidate {
    uint32_t rank;
    int32_t at, result;
    bool operator<(const Candidate &other) const { // std::push_heap keeps the greatest on top
      return rank != other.rank ? rank > other.rank : at > other.at;
    }
  };

  void addBytes(std::string_view word);
  void addCharacters(std::string_view word);
  bool addFallback(std::string_view character);
  void addUnknown(bool previousUnknown);
  void addSymbol(int32_t id);
  void consider(int32_t at);
  void mergeAll();
  void apply(const Candidate &best);

  const TokenizerTable &table;
  std::vector<Symbol> symbols;
  std::vector<Candidate> heap;
};

} // namespace phirt
