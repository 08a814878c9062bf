#pragma once
/// The tokenizer's table as the compiler writes it; the runtime unpacks it when it opens it:
///
///   Header | named | keys | byteIds | runs | repeats | merges | added | steps | normalizers | text
///
/// Nearly every token is the outcome of a merge, and its text that of the two parts: only the
/// others are spelled out. Every section starts at a multiple of 8. Strings are stretches of `text`
/// and end without a zero.

#include <cstdint>
#include <string_view>

namespace phirt::abi::tokenizer {

inline constexpr uint32_t kVersion = 2;
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

/// A token that is not spelled by its first merge, or has flags. Rising in `id`. Ids that have
/// neither a NamedToken nor a merge decode to nothing.
struct NamedToken {
  enum Flags : uint32_t {
    kSpecial = 1,
    kByte = 2,  ///< a fallback byte; runs of them decode together
    kHidden = 4 ///< not looked up by its text (a Key may name it)
  };
  int32_t id;
  uint32_t flags;
  Text text; ///< what it decodes to
};

/// A word that is looked up beside the tokens' texts.
struct Key {
  Text key;
  int32_t id;
};

/// Merges in the order of their ranks, from `merge` to the next run: the first makes token
/// `result`, each one behind it the next token, but where `repeats` has its bit set the same token
/// again.
struct Run {
  uint32_t merge;
  int32_t result;
  uint32_t sameRank; ///< 1: of the rank of the merge before; otherwise of the next one
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
  uint32_t vocab;      ///< ids are 0..vocab-1
  uint32_t mergeCount; ///< merges
  uint32_t idBits;     ///< width of an id in `merges`, 1..24
  Text wordCharacter;  ///< pattern of one character of \w
  Section named;       ///< NamedToken
  Section keys;        ///< Key
  Section byteIds;     ///< int32_t[256], -1: none
  Section runs;        ///< Run, rising in `merge`, the first at 0
  Section repeats; ///< bit k % 8 of byte k / 8: merge k makes the same token, of the same rank, as
                   ///< k - 1
  Section merges; ///< bits: left | right << idBits of each merge, one after the other; 8 more bytes
  Section added;  ///< AddedToken: recognised in the text as it is
  Section normalAdded; ///< AddedToken: recognised in normalised text
  Section steps;       ///< Step
  Section normalizers; ///< Normalizer
  Section text;        ///< bytes
};

/// FNV-1a with its bits mixed down, for tables of 2^k slots.
inline uint32_t hashOf(std::string_view key) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (char c : key)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return static_cast<uint32_t>(hash ^ (hash >> 32));
}

} // namespace phirt::abi::tokenizer
