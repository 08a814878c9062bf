#pragma once
/// Compiles a Jinja chat template into the form that a program carries (layout:
/// phirt/abi/Template.h).

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace phidias {

/// Global names that a template may read, such as bos_token and eos_token.
using TemplateGlobals = llvm::StringMap<std::string>;

/// Compiles `source`. What the runtime cannot evaluate faithfully is an error naming `path`, line
/// and construct.
llvm::Expected<std::vector<uint8_t>>
compileChatTemplate(llvm::StringRef source, llvm::StringRef path, const TemplateGlobals &globals);

} // namespace phidias
