#pragma once
/// The tokenizer's table as the compiler writes it and the runtime uses it, in place:
///
///   Header | text pool | tokens | lookup | mergeStarts | merges | byteIds | added | steps |
///   normalizers
///
/// Every section starts at a multiple of 8. Strings are stretches of the pool and end without a
/// zero.

#include <cstdint>
#include <string_view>

namespace phirt::abi::tokenizer {

inline constexpr uint32_t kVersion = 1;
inline constexpr char kMagic[8] = {'P', 'H', 'I', 'T', 'O', 'K', 0, 0};

/// `count` elements that start `offset` bytes into the table.
struct Section {
  uint32_t offset, count;
};

/// A stretch of the text pool.
struct Text {
  uint32_t offset, length;
};

enum Flags : uint32_t {
  kByteLevel = 1,       ///< symbols are bytes; otherwise characters
  kIgnoreMerges = 2,    ///< a word that is a token is taken whole
  kByteFallback = 4,    ///< characters outside the vocabulary become the tokens byteIds
  kFuseUnknown = 8,     ///< neighbouring unknown characters become one unknown token
  kStripFirstSpace = 16 ///< decoding drops one space at the very start
};

/// What a token decodes to.
struct Token {
  enum Flags : uint32_t {
    kSpecial = 1,
    kByte = 2
  }; ///< kByte: a fallback byte; runs of them decode together
  Text text;
  uint32_t flags;
};

/// A slot of the vocabulary's open-addressing hash table (a power of two of slots, linear probing,
/// hashOf).
struct Slot {
  Text key;   ///< the token as words spell it
  int32_t id; ///< -1: empty
};

/// merges[mergeStarts[left] .. mergeStarts[left + 1]) have this left part and rise in `right`.
struct Merge {
  int32_t right, result;
  uint32_t rank; ///< the lowest goes first
};

/// A token that is recognised before the model's own work, sorted by content (bytewise).
struct AddedToken {
  enum Flags : uint32_t {
    kLeftStrip = 1,  ///< swallows white space before it
    kRightStrip = 2, ///< and after it
    kSingleWord = 4, ///< only between characters outside \w
    kPlain = 8       ///< neither special nor written like markup: a user may write it
  };
  Text content;
  int32_t id;
  uint32_t flags;
};

/// One step of pre-tokenisation; patterns are in PCRE2's syntax, with Unicode classes expanded.
struct Step {
  enum Kind : uint32_t {
    kIsolate,     ///< matches and what lies between them become words
    kKeepMatches, ///< only matches stay
    kDropMatches, ///< only what lies between them stays
    kPrefixSpace  ///< a space is put before words that start with none
  };
  uint32_t kind;
  Text pattern;
};

struct Normalizer {
  enum Kind : uint32_t {
    kPrepend,
    kReplace
  }; ///< `to` before text that is not empty; every `from` becomes `to`
  uint32_t kind;
  Text from, to;
};

struct Header {
  char magic[8];
  uint32_t version;
  uint32_t flags;
  int32_t unknownId;   ///< -1: none, unknown characters vanish
  Text wordCharacter;  ///< pattern of one character of \w
  Section text;        ///< bytes
  Section tokens;      ///< Token[vocab]
  Section lookup;      ///< Slot[power of two], or empty
  Section mergeStarts; ///< uint32_t[vocab + 1]
  Section merges;      ///< Merge
  Section byteIds;     ///< int32_t[256], -1: none
  Section added;       ///< AddedToken: recognised in the text as it is
  Section normalAdded; ///< AddedToken: recognised in normalised text
  Section steps;       ///< Step
  Section normalizers; ///< Normalizer
};

/// FNV-1a with its bits mixed down, for tables of 2^k slots.
inline uint32_t hashOf(std::string_view key) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (char c : key)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return static_cast<uint32_t>(hash ^ (hash >> 32));
}

} // namespace phirt::abi::tokenizer
