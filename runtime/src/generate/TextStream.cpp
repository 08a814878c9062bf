#include "generate/TextStream.h"
#include <algorithm>
#include <utility>

namespace phirt {

size_t TextStream::findStop() const {
  size_t first = pending.npos;
  for (const std::string &stop : stops)
    first = std::min(first, pending.find(stop));
  return first;
}

/// Bytes at the end that a stop text may begin with.
size_t TextStream::heldBack() const {
  size_t held = 0;
  for (const std::string &stop : stops)
    for (size_t length = std::min(stop.size() - 1, pending.size()); length > held; --length)
      if (std::string_view(pending).ends_with(std::string_view(stop).substr(0, length)))
        held = length;
  return held;
}

std::string TextStream::push(std::string_view text) {
  if (isStopped)
    return "";
  pending += text;
  size_t stop = findStop();
  isStopped = stop != pending.npos;
  std::string ready = pending.substr(0, isStopped ? stop : pending.size() - heldBack());
  pending.erase(0, isStopped ? pending.npos : ready.size());
  return ready;
}

std::string TextStream::finish() { return std::exchange(pending, ""); }

} // namespace phirt
