#pragma once
/// JSON files that strangers wrote. llvm::json::parse recurses and silently keeps one of two equal
/// keys; here a look at the text comes first.

#include "llvm/Support/JSON.h"

namespace phidias {

struct JsonLimits {
  uint64_t mostBytes = 1 << 20;
  unsigned mostDepth = 32;
};

/// Parses `text`, one JSON value. Errors name `path` and the byte: too large, nested too deeply, a
/// key twice in one object, or no JSON.
llvm::Expected<llvm::json::Value> parseJson(llvm::StringRef text, llvm::StringRef path,
                                            JsonLimits limits = {});

/// As parseJson, and it must be an object.
llvm::Expected<llvm::json::Object> parseJsonObject(llvm::StringRef text, llvm::StringRef path,
                                                   JsonLimits limits = {});

/// Reads a file that holds one JSON object.
llvm::Expected<llvm::json::Object> readJsonObject(llvm::StringRef path, JsonLimits limits = {});

/// `value` for a message: a short one as it is written, else what it is: "an array of 3".
std::string describeJson(const llvm::json::Value &value);

} // namespace phidias
