// Lays the parts out as phirt/abi/Tokenizer.h draws them.

#include "ByteAlphabet.h"
#include "ClassSet.h"
#include "Parts.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include <cstring>

namespace phidias::tokenizer {

namespace {
struct Layout {
  abi::Header header{};
  std::string text;
  std::vector<uint8_t> bytes = std::vector<uint8_t>(sizeof(abi::Header));

  abi::Text add(llvm::StringRef string) {
    abi::Text where{static_cast<uint32_t>(text.size()), static_cast<uint32_t>(string.size())};
    text += string;
    return where;
  }

  template <class T> abi::Section section(const T *elements, size_t count) {
    bytes.resize(llvm::alignTo(bytes.size(), 8));
    abi::Section where{static_cast<uint32_t>(bytes.size()), static_cast<uint32_t>(count)};
    bytes.resize(bytes.size() + count * sizeof(T));
    if (count)
      std::memcpy(bytes.data() + where.offset, elements, count * sizeof(T));
    return where;
  }
  template <class T> abi::Section section(const std::vector<T> &v) {
    return section(v.data(), v.size());
  }
};
} // namespace

static size_t vocabOf(const Parts &parts) {
  size_t vocab = parts.keys.size();
  for (const AddedToken &token : parts.added)
    vocab = std::max<size_t>(vocab, token.id + 1);
  return vocab;
}

/// The bytes of a token when decoded.
static std::string decoded(const Parts &parts, llvm::StringRef key) {
  if (parts.flags & abi::kByteLevel)
    return bytesOfSpelling(key).value_or(key.str());
  std::string text = key.str();
  for (const auto &[from, to] : parts.decodeReplaces)
    text = replaceAll(text, from, to);
  return text;
}

/// "<0x41>" as the reference spells fallback bytes.
static std::optional<uint8_t> fallbackByte(llvm::StringRef key) {
  uint8_t byte;
  if (key.size() != 6 || !key.consume_front("<0x") || !key.consume_back(">") ||
      key.getAsInteger(16, byte))
    return std::nullopt;
  return byte;
}

namespace {
/// What a token decodes to, and how the runtime treats it.
struct Spelling {
  std::string text;
  uint32_t flags = abi::NamedToken::kHidden; ///< of an id without a token
};
} // namespace

static Spelling spellingOf(const Parts &parts, llvm::StringRef key, uint32_t flags) {
  bool byteLevel = parts.flags & abi::kByteLevel;
  if (std::optional<uint8_t> byte = byteLevel ? std::nullopt : fallbackByte(key))
    return {std::string(1, static_cast<char>(*byte)), flags | abi::NamedToken::kByte};
  if (byteLevel && !bytesOfSpelling(key))
    flags |= abi::NamedToken::kHidden;
  return {decoded(parts, key), flags};
}

static std::vector<Spelling> spellingsOf(const Parts &parts) {
  std::vector<Spelling> tokens(vocabOf(parts));
  for (const auto &[id, key] : llvm::enumerate(parts.keys))
    if (!key.empty())
      tokens[id] = spellingOf(parts, key, 0);
  // A token that is found in normalised text also decodes as it looks there.
  for (const AddedToken &token : parts.added)
    tokens[token.id] =
        spellingOf(parts, token.normalized ? normalize(parts, token.content) : token.content,
                   abi::NamedToken::kHidden | (token.special ? abi::NamedToken::kSpecial : 0u));
  return tokens;
}

/// In the order of their ranks; of those given twice the last.
static void sortMerges(std::vector<Merge> &merges) {
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

static void writeNamed(const std::vector<Spelling> &tokens, const std::vector<Merge> &merges,
                       Layout &out) {
  std::vector<abi::NamedToken> named;
  for (const auto &[id, isNamed] : llvm::enumerate(namedTokens(tokens, merges)))
    if (isNamed)
      named.push_back({static_cast<int32_t>(id), tokens[id].flags, out.add(tokens[id].text)});
  out.header.vocab = tokens.size();
  out.header.named = out.section(named);
}

/// Whether the runtime looks this word up, and not by its token's text. Only single characters are
/// looked up where words are no bytes and may not be taken whole.
static bool needsKey(const Parts &parts, llvm::StringRef key, const Spelling &token) {
  bool whole = parts.flags & abi::kIgnoreMerges;
  if (parts.flags & abi::kByteLevel)
    return whole && token.flags & abi::NamedToken::kHidden && bytesOfSpelling(key);
  return whole || llvm::count_if(key, [](char c) { return (c & 0xC0) != 0x80; }) == 1;
}

/// Words of a byte-level vocabulary are looked up by their bytes. Special tokens are left out:
/// where they count, they have been found before, and what a user says must not become one.
static void writeKeys(const Parts &parts, const std::vector<Spelling> &tokens, Layout &out) {
  std::vector<abi::Key> keys;
  for (const auto &[id, key] : llvm::enumerate(parts.keys))
    if (!key.empty() && !(tokens[id].flags & abi::NamedToken::kSpecial) &&
        needsKey(parts, key, tokens[id])) {
      bool byteLevel = parts.flags & abi::kByteLevel;
      keys.push_back({out.add(byteLevel ? *bytesOfSpelling(key) : key), static_cast<int32_t>(id)});
    }
  out.header.keys = out.section(keys);
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

static void writeMerges(const std::vector<Merge> &merges, Layout &out) {
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

/// Byte-level: the token of each byte. Otherwise the fallback tokens, which serve only if there are
/// all 256.
static void writeBytes(const Parts &parts, Layout &out) {
  std::vector<int32_t> ids(256, -1);
  for (unsigned byte = 0; byte < 256; ++byte) {
    bool byteLevel = parts.flags & abi::kByteLevel;
    std::string name =
        byteLevel ? spellingOfByte(byte) : "<0x" + llvm::utohexstr(byte, false, 2) + ">";
    auto known = parts.idOf.find(name);
    if (known != parts.idOf.end())
      ids[byte] = known->second;
  }
  out.header.byteIds = out.section(ids);
}

/// A user may write tokens that are neither special nor look like markup ("<|tool|>", "[INST]").
static bool isPlain(const AddedToken &token) {
  llvm::StringRef s = llvm::StringRef(token.content).trim();
  bool markup =
      (s.starts_with("<") && s.ends_with(">")) || (s.starts_with("[") && s.ends_with("]"));
  return !token.special && !markup;
}

static abi::Section writeAdded(const Parts &parts, bool normalized, Layout &out) {
  std::vector<std::pair<std::string, abi::AddedToken>> found;
  for (const AddedToken &t : parts.added) {
    std::string content = normalized ? normalize(parts, t.content) : t.content;
    uint32_t flags = (t.leftStrip ? abi::AddedToken::kLeftStrip : 0u) |
                     (t.rightStrip ? abi::AddedToken::kRightStrip : 0u) |
                     (t.singleWord ? abi::AddedToken::kSingleWord : 0u) |
                     (isPlain(t) ? abi::AddedToken::kPlain : 0u);
    if (t.normalized == normalized)
      found.push_back({content, {{}, static_cast<int32_t>(t.id), flags}});
  }
  llvm::sort(found, [](auto &a, auto &b) {
    return std::tie(a.first, a.second.id) < std::tie(b.first, b.second.id);
  });
  std::vector<abi::AddedToken> tokens;
  for (auto &[content, token] : found) {
    token.content = out.add(content);
    tokens.push_back(token);
  }
  return out.section(tokens);
}

static void writeSteps(const Parts &parts, Layout &out) {
  std::vector<abi::Step> steps;
  for (const Step &step : parts.steps)
    steps.push_back({step.kind, out.add(step.pattern)});
  std::vector<abi::Normalizer> normalizers;
  for (const Normalizer &n : parts.normalizers)
    normalizers.push_back({n.kind, out.add(n.from), out.add(n.to)});
  out.header.steps = out.section(steps);
  out.header.normalizers = out.section(normalizers);
  out.header.wordCharacter = out.add("[" + bracketText(*classNamed("WordEdge")) + "]");
}

static llvm::Error writeHeader(const Parts &parts, Layout &out) {
  std::memcpy(out.header.magic, abi::kMagic, sizeof(abi::kMagic));
  out.header.version = abi::kVersion;
  out.header.flags = parts.flags;
  out.header.unknownId = -1;
  if (!parts.unknown.empty()) {
    auto known = parts.idOf.find(parts.unknown);
    if (known == parts.idOf.end())
      return fail("unk_token '{0}' is not in the vocabulary", parts.unknown);
    out.header.unknownId = known->second;
  }
  if (out.text.size() > UINT32_MAX / 2 || out.bytes.size() > UINT32_MAX / 2)
    return fail("the vocabulary takes more than 2 GiB");
  return llvm::Error::success();
}

llvm::Expected<TokenizerTable> writeTable(Parts parts) {
  Layout out;
  std::vector<Spelling> tokens = spellingsOf(parts);
  sortMerges(parts.merges);
  writeNamed(tokens, parts.merges, out);
  writeKeys(parts, tokens, out);
  writeMerges(parts.merges, out);
  writeBytes(parts, out);
  out.header.added = writeAdded(parts, false, out);
  out.header.normalAdded = writeAdded(parts, true, out);
  writeSteps(parts, out);
  out.header.text = out.section(out.text.data(), out.text.size());
  if (llvm::Error error = writeHeader(parts, out))
    return error;
  std::memcpy(out.bytes.data(), &out.header, sizeof(out.header));
  bool byteLevel = parts.flags & abi::kByteLevel;
  int64_t vocab = out.header.vocab, merges = out.header.mergeCount;
  return TokenizerTable{std::move(out.bytes), byteLevel ? "byte-level BPE" : "SentencePiece BPE",
                        vocab, merges, static_cast<int64_t>(parts.added.size())};
}

} // namespace phidias::tokenizer
