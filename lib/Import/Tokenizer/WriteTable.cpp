// Lays the parts out as phirt/abi/Tokenizer.h draws them.

#include "ByteAlphabet.h"
#include "ClassSet.h"
#include "TableLayout.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace phidias::tokenizer {

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
