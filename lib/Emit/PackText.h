#pragma once
/// Text of a device in few bytes: PTX says much the same again and again.

#include "llvm/ADT/StringRef.h"
#include <string>

namespace phidias {

/// `text` as a block in LZ4's format ("LZ4 Block Format Description"). The same text gives the same
/// bytes.
std::string packText(llvm::StringRef text);

} // namespace phidias
