#pragma once
#include "phirt/Status.h"
#include "phirt/Text.h"
#include "phirt/abi/Blob.h"
#include <span>
#include <vector>

namespace phirt {

/// The checkpoint's chat template, compiled (phirt/abi/Template.h).
class ChatTemplate {
public:
  static Result<ChatTemplate> open(abi::Blob blob);

  /// The prompt of a conversation, in pieces: what messages contain is not trusted, all else is. An
  /// error where the template raises one (raise_exception) or its evaluation fails.
  Result<std::vector<Piece>> render(std::span<const Message> messages,
                                    bool addGenerationPrompt) const;

private:
  abi::Blob blob{};
};

} // namespace phirt
