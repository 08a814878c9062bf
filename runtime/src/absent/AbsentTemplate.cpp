// Stands in for src/template where a tree lacks it.
#include "phirt/ChatTemplate.h"

namespace phirt {

Result<ChatTemplate> ChatTemplate::open(abi::Blob) {
  return error("this runtime has no templates");
}
Result<std::vector<Piece>> ChatTemplate::render(std::span<const Message>, bool) const {
  return error("this runtime has no templates");
}

} // namespace phirt
