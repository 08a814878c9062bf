#include "Builder.h"
#include <algorithm>
#include <cstring>

using namespace llvm;
using namespace phirt;

namespace phidias::jinja {

NodeId Builder::add(Op op, unsigned line, ArrayRef<NodeId> children, unsigned detail,
                    int64_t value) {
  uint32_t depth = 0;
  for (NodeId child : children)
    depth = std::max(depth, depths[child]);
  depths.push_back(depth + 1);
  deepest = std::max(deepest, depth + 1);
  nodes.push_back({static_cast<uint16_t>(op), static_cast<uint16_t>(detail), line,
                   static_cast<uint32_t>(links.size()), static_cast<uint32_t>(children.size()),
                   value});
  links.insert(links.end(), children.begin(), children.end());
  return nodes.size() - 1;
}

NodeId Builder::addText(Op op, unsigned line, StringRef text, ArrayRef<NodeId> children) {
  auto [place, isNew] = known.try_emplace(text, 0);
  if (isNew) {
    place->second = static_cast<int64_t>(texts.size()) << 32 | static_cast<int64_t>(text.size());
    texts += text;
  }
  return add(op, line, children, 0, place->second);
}

StringRef Builder::text(NodeId id) const {
  int64_t place = nodes[id].value;
  return StringRef(texts).substr(place >> 32, place & 0xffffffff);
}

template <class T> static void append(std::vector<uint8_t> &bytes, const T *values, size_t count) {
  const auto *data = reinterpret_cast<const uint8_t *>(values);
  bytes.insert(bytes.end(), data, data + count * sizeof(T));
}

std::vector<uint8_t> Builder::bytes() const {
  abi::TemplateHeader header{};
  std::memcpy(header.magic, abi::kTemplateMagic, sizeof header.magic);
  header.version = abi::kTemplateVersion;
  header.nodeCount = nodes.size();
  header.linkCount = links.size();
  header.textBytes = texts.size();
  std::vector<uint8_t> bytes;
  append(bytes, &header, 1);
  append(bytes, nodes.data(), nodes.size());
  append(bytes, links.data(), links.size());
  append(bytes, texts.data(), texts.size());
  return bytes;
}

} // namespace phidias::jinja
