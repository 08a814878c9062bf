#pragma once
#include "llvm/Support/JSON.h"

namespace phidias::tokenizer {

/// llvm::json::parse for files of strangers: refuses what is nested deeper than `mostDepth` (the
/// parser recurses), and reads surrogate pairs ("\ud83d\ude00") right, where llvm::json combines
/// them with | instead of +.
llvm::Expected<llvm::json::Value> parseJson(llvm::StringRef text, int mostDepth);

} // namespace phidias::tokenizer
