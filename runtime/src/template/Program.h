#pragma once
/// A view of a compiled template's bytes (phirt/abi/Template.h).

#include "phirt/Status.h"
#include "phirt/abi/Blob.h"
#include "phirt/abi/Template.h"
#include <span>
#include <string_view>

namespace phirt::jinja {

using Op = abi::TemplateOp;

struct Program {
  std::span<const abi::TemplateNode> nodes;
  std::span<const uint32_t> links;
  std::string_view texts;

  uint32_t root() const { return static_cast<uint32_t>(nodes.size() - 1); }
  Op op(uint32_t id) const { return static_cast<Op>(nodes[id].op); }
  std::span<const uint32_t> children(uint32_t id) const {
    return links.subspan(nodes[id].firstLink, nodes[id].linkCount);
  }
  uint32_t child(uint32_t id, unsigned index) const { return children(id)[index]; }
  /// The node's text; empty where it has none inside the blob.
  std::string_view text(uint32_t id) const;
};

/// Checks that the parts of the blob fill it.
Result<Program> viewTemplate(abi::Blob blob);
/// Checks every node: kind, links, number of children, detail, text and depth.
Status checkTemplate(const Program &program);

} // namespace phirt::jinja
