#include "generate/TextStream.h"
#include <algorithm>
#include <utility>

namespace phirt {

TextStream::TextStream(std::vector<std::string> texts, size_t mostBytes) : stops(std::move(texts)) {
  size_t held = 0;
  for (const std::string &stop : stops)
    held = std::max(held, stop.size());
  pending.reserve(held + mostBytes);
}

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

std::string_view TextStream::push(std::string_view text) {
  pending.erase(0, shown);
  shown = 0;
  if (isStopped)
    return {};
  pending += text;
  size_t stop = findStop();
  isStopped = stop != pending.npos;
  if (isStopped)
    pending.resize(stop);
  shown = pending.size() - (isStopped ? 0 : heldBack());
  return std::string_view(pending).substr(0, shown);
}

std::string_view TextStream::finish() {
  pending.erase(0, shown);
  shown = pending.size();
  return pending;
}

} // namespace phirt
