#pragma once
/// The steps that a Hugging Face folder's configuration is read in.

#include "JsonKeys.h"
#include "phidias/Import/Phi/Model.h"

namespace phidias {

/// The keys that say how positions turn, before and from transformers 5; needs sizes and heads.
/// `warnings` tells of a key that transformers ignores.
llvm::Error readHfRope(const JsonKeys &keys, const llvm::json::Object &object, llvm::StringRef path,
                       ModelConfig &config, std::vector<std::string> &warnings);

/// Token ids of config.json, then those of generation_config.json and its sampling defaults.
llvm::Error readHfGeneration(const JsonKeys &keys, llvm::StringRef folder,
                             const ModelConfig &config, GenerationConfig &generation);

/// File `name` in `folder`.
std::string folderFile(llvm::StringRef folder, llvm::StringRef name);

} // namespace phidias
