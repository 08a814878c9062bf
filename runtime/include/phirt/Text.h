#pragma once
#include <string>

namespace phirt {

/// A stretch of a prompt. Special tokens are recognised where `trusted` is true (templates, raw
/// prompts) and not in what a user says; pre-tokenisation crosses the border between pieces all the
/// same.
struct Piece {
  std::string text;
  bool trusted = false;
};

/// One turn of a conversation. `role` is one of system, user, assistant and is trusted; `content`
/// is not.
struct Message {
  std::string role;
  std::string content;
};

} // namespace phirt
