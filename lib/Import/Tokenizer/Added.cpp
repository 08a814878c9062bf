// The vocabulary and the added tokens, checked as they come in.

#include "Parts.h"

namespace phidias::tokenizer {

static llvm::Error checkId(llvm::StringRef key, int64_t id, int64_t modelVocab) {
  if (id < 0 || id >= std::min(modelVocab, kMaxVocab))
    return fail("token '{0}' has id {1}, the model has {2} rows", key.take_front(60), id,
                modelVocab);
  if (key.size() >= kMaxTokenBytes)
    return fail("token {0} has {1} bytes, at most {2} are supported", id, key.size(),
                kMaxTokenBytes);
  return llvm::Error::success();
}

llvm::Error addKey(Parts &parts, llvm::StringRef key, int64_t id, int64_t modelVocab) {
  if (llvm::Error error = checkId(key, id, modelVocab))
    return error;
  if (key.empty())
    return fail("token {0} is empty", id);
  if (parts.keys.size() <= static_cast<size_t>(id))
    parts.keys.resize(id + 1);
  if (!parts.keys[id].empty())
    return fail("id {0} stands for '{1}' and for '{2}'", id, parts.keys[id], key);
  if (!parts.idOf.try_emplace(key, id).second)
    return fail("token '{0}' has the ids {1} and {2}", key, parts.idOf.lookup(key), id);
  parts.keys[id] = key.str();
  return llvm::Error::success();
}

llvm::Error addAdded(Parts &parts, AddedToken token, int64_t modelVocab) {
  if (llvm::Error error = checkId(token.content, token.id, modelVocab))
    return error;
  if (token.content.empty())
    return fail("added token {0} is empty", token.id);
  auto known = parts.idOf.find(token.content);
  if (known != parts.idOf.end() && known->second != token.id)
    return fail("added token '{0}' has id {1}, the vocabulary says {2}", token.content, token.id,
                known->second);
  parts.added.push_back(std::move(token));
  return llvm::Error::success();
}

llvm::Error addMerge(Parts &parts, llvm::StringRef left, llvm::StringRef right, uint32_t rank) {
  auto l = parts.idOf.find(left), r = parts.idOf.find(right);
  auto result = parts.idOf.find((left + right).str());
  if (l == parts.idOf.end() || r == parts.idOf.end() || result == parts.idOf.end())
    return fail("merge {0} of '{1}' and '{2}' is not in the vocabulary", rank, left, right);
  parts.merges.push_back({l->second, r->second, result->second, rank});
  return llvm::Error::success();
}

std::string replaceAll(llvm::StringRef text, llvm::StringRef from, llvm::StringRef to) {
  std::string out;
  size_t at;
  while ((at = text.find(from)) != llvm::StringRef::npos) {
    out += text.take_front(at);
    out += to;
    text = text.drop_front(at + from.size());
  }
  return out + text.str();
}

std::string normalize(const Parts &parts, llvm::StringRef text) {
  std::string out = text.str();
  for (const Normalizer &n : parts.normalizers) {
    if (n.kind == abi::Normalizer::kReplace)
      out = replaceAll(out, n.from, n.to);
    else if (!out.empty())
      out = n.to + out;
  }
  return out;
}

} // namespace phidias::tokenizer
