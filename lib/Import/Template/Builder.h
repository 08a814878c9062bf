#pragma once
/// Collects the nodes of a compiled template, children before parents, and lays them out as bytes.

#include "phirt/abi/Template.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include <vector>

namespace phidias::jinja {

using Op = phirt::abi::TemplateOp;
using NodeId = uint32_t;

class Builder {
public:
  /// `detail` is the enumerator that the op asks for.
  NodeId add(Op op, unsigned line, llvm::ArrayRef<NodeId> children = {}, unsigned detail = 0,
             int64_t value = 0);
  NodeId addText(Op op, unsigned line, llvm::StringRef text, llvm::ArrayRef<NodeId> children = {});

  const phirt::abi::TemplateNode &operator[](NodeId id) const { return nodes[id]; }
  llvm::StringRef text(NodeId id) const;
  NodeId child(NodeId id, unsigned index) const { return links[nodes[id].firstLink + index]; }
  /// Whether the tree is deeper than the runtime opens.
  bool tooDeep() const { return deepest > phirt::abi::kTemplateMaxDepth; }

  /// The blob; the last node added is the root.
  std::vector<uint8_t> bytes() const;

private:
  std::vector<phirt::abi::TemplateNode> nodes;
  std::vector<uint32_t> links;
  std::vector<uint32_t> depths; ///< of each node's tree
  std::string texts;
  llvm::StringMap<int64_t> known; ///< text -> its packed place
  uint32_t deepest = 0;
};

} // namespace phidias::jinja
