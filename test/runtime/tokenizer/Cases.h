#pragma once
/// The small tokenizers of Inputs/ and the reference's answers (make_vectors.py).

#include "phidias/Import/Tokenizer/Tokenizer.h"
#include "phirt/Tokenizer.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "gtest/gtest.h"

inline std::string inputFile(llvm::StringRef name) {
  auto file = llvm::MemoryBuffer::getFile(INPUTS + ("/" + name).str());
  EXPECT_TRUE(bool(file)) << name.str();
  return file ? (*file)->getBuffer().str() : "";
}

/// The table of Inputs/NAME.json; a failed test and no bytes where it cannot be made.
inline phidias::TokenizerTable tableOf(llvm::StringRef name) {
  auto table = phidias::tokenizerFromJson(inputFile((name + ".json").str()), 4096);
  if (table)
    return std::move(*table);
  ADD_FAILURE() << llvm::toString(table.takeError());
  return {};
}

inline phirt::abi::Blob blobOf(const phidias::TokenizerTable &table) {
  return {table.bytes.data(), table.bytes.size()};
}

struct Case {
  std::string text, decoded, skipped;
  std::vector<int32_t> ids, untrusted;
};

inline std::vector<int32_t> idsOf(const llvm::json::Object &object, llvm::StringRef key) {
  std::vector<int32_t> ids;
  for (const llvm::json::Value &id : *object.getArray(key))
    ids.push_back(*id.getAsInteger());
  return ids;
}

inline std::vector<Case> casesOf(llvm::StringRef name) {
  std::string file = inputFile((name + ".vectors").str());
  std::vector<Case> cases;
  for (llvm::StringRef rest = file; !rest.empty();) {
    auto [line, next] = rest.split('\n');
    rest = next;
    auto value = llvm::cantFail(llvm::json::parse(line));
    const llvm::json::Object &o = *value.getAsObject();
    auto text = [&](llvm::StringRef key) { return o.getString(key)->str(); };
    cases.push_back(
        {text("text"), text("decoded"), text("skipped"), idsOf(o, "ids"), idsOf(o, "untrusted")});
  }
  EXPECT_GT(cases.size(), 20u);
  return cases;
}
