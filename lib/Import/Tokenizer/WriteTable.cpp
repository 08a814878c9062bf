// Lays the parts out as phirt/abi/Tokenizer.h draws them.

#include "ByteAlphabet.h"
#include "ClassSet.h"
#include "Parts.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
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

static void writeTokens(const Parts &parts, Layout &out) {
  std::vector<abi::Token> tokens(vocabOf(parts));
  bool fallback = !(parts.flags & abi::kByteLevel);
  auto put = [&](size_t id, llvm::StringRef key, uint32_t flags) {
    std::optional<uint8_t> byte = fallback ? fallbackByte(key) : std::nullopt;
    std::string text = byte ? std::string(1, static_cast<char>(*byte)) : decoded(parts, key);
    tokens[id] = {out.add(text), flags | (byte ? abi::Token::kByte : 0u)};
  };
  for (const auto &[id, key] : llvm::enumerate(parts.keys))
    if (!key.empty())
      put(id, key, 0);
  // A token that is found in normalised text also decodes as it looks there.
  for (const AddedToken &token : parts.added)
    put(token.id, token.normalized ? normalize(parts, token.content) : token.content,
        token.special ? abi::Token::kSpecial : 0u);
  out.header.tokens = out.section(tokens);
}

/// Whether the runtime looks tokens up by their text: bytes have a table of their own.
static bool needsLookup(const Parts &parts) {
  return !(parts.flags & abi::kByteLevel) || parts.flags & abi::kIgnoreMerges;
}

/// Words of a byte-level vocabulary are looked up by their bytes. Special tokens are left out:
/// where they count, they have been found before, and what a user says must not become one.
static void writeLookup(const Parts &parts, Layout &out) {
  std::vector<abi::Slot> slots(llvm::PowerOf2Ceil(parts.keys.size() * 3 / 2 + 1),
                               abi::Slot{{0, 0}, -1});
  llvm::DenseSet<int64_t> special;
  for (const AddedToken &token : parts.added)
    if (token.special)
      special.insert(token.id);
  for (const auto &[id, key] : llvm::enumerate(parts.keys)) {
    auto bytes = parts.flags & abi::kByteLevel ? bytesOfSpelling(key) : std::optional(key);
    if (key.empty() || !bytes || special.contains(id))
      continue;
    size_t at = abi::hashOf(*bytes) & (slots.size() - 1);
    while (slots[at].id >= 0)
      at = (at + 1) & (slots.size() - 1);
    slots[at] = {out.add(*bytes), static_cast<int32_t>(id)};
  }
  out.header.lookup = out.section(slots);
}

static void writeMerges(Parts &parts, Layout &out) {
  auto pairOf = [](const Merge &m) { return std::pair(m.left, m.right); };
  llvm::sort(parts.merges, [](const Merge &a, const Merge &b) {
    return std::tie(a.left, a.right, a.rank) < std::tie(b.left, b.right, b.rank);
  });
  std::vector<uint32_t> starts(vocabOf(parts) + 1);
  std::vector<abi::Merge> merges;
  for (size_t i = 0; i < parts.merges.size(); ++i) {
    const Merge &m = parts.merges[i];
    if (i + 1 < parts.merges.size() && pairOf(m) == pairOf(parts.merges[i + 1]))
      continue; // given again later
    merges.push_back({m.right, m.result, m.rank});
    ++starts[m.left + 1];
  }
  for (size_t i = 1; i < starts.size(); ++i)
    starts[i] += starts[i - 1];
  out.header.mergeStarts = out.section(starts);
  out.header.merges = out.section(merges);
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
  writeTokens(parts, out);
  if (needsLookup(parts))
    writeLookup(parts, out);
  writeMerges(parts, out);
  writeBytes(parts, out);
  out.header.added = writeAdded(parts, false, out);
  out.header.normalAdded = writeAdded(parts, true, out);
  writeSteps(parts, out);
  out.header.text = out.section(out.text.data(), out.text.size());
  if (llvm::Error error = writeHeader(parts, out))
    return error;
  std::memcpy(out.bytes.data(), &out.header, sizeof(out.header));
  bool byteLevel = parts.flags & abi::kByteLevel;
  int64_t vocab = out.header.tokens.count, merges = out.header.merges.count;
  return TokenizerTable{std::move(out.bytes), byteLevel ? "byte-level BPE" : "SentencePiece BPE",
                        vocab, merges, static_cast<int64_t>(parts.added.size())};
}

} // namespace phidias::tokenizer
