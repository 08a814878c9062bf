#include "template/Program.h"
#include <algorithm>
#include <cstring>
#include <vector>

namespace phirt::jinja {

std::string_view Program::text(uint32_t id) const {
  auto place = static_cast<uint64_t>(nodes[id].value);
  uint64_t offset = place >> 32, size = place & 0xffffffff;
  return offset + size <= texts.size() ? texts.substr(offset, size) : std::string_view();
}

Result<Program> viewTemplate(abi::Blob blob) {
  abi::TemplateHeader header;
  if (blob.size < sizeof header || reinterpret_cast<uintptr_t>(blob.data) % 8 != 0)
    return error("chat template is cut short or misaligned");
  std::memcpy(&header, blob.data, sizeof header);
  if (std::memcmp(header.magic, abi::kTemplateMagic, 8) != 0 ||
      header.version != abi::kTemplateVersion)
    return error("chat template is of another version");
  // The counts have 32 bits, so that this sum cannot overflow.
  uint64_t nodeBytes = uint64_t(header.nodeCount) * sizeof(abi::TemplateNode);
  uint64_t linkBytes = uint64_t(header.linkCount) * sizeof(uint32_t);
  if (header.nodeCount == 0 ||
      sizeof header + nodeBytes + linkBytes + header.textBytes != blob.size)
    return error("chat template has another size than its header says");
  const char *at = static_cast<const char *>(blob.data) + sizeof header;
  Program program;
  program.nodes = {reinterpret_cast<const abi::TemplateNode *>(at), header.nodeCount};
  program.links = {reinterpret_cast<const uint32_t *>(at + nodeBytes), header.linkCount};
  program.texts = {at + nodeBytes + linkBytes, header.textBytes};
  return program;
}

/// Children that an op takes; the table follows TemplateOp.
struct Arity {
  uint32_t least, most;
};
static constexpr uint32_t kAny = ~0u;
static constexpr Arity kArity[] = {
    {0, 0},    {0, 0},    {0, 0},    {0, 0},    {0, 0},    {0, 0}, {0, 0}, // Absent .. Function
    {0, kAny}, {0, kAny}, {0, kAny},                                       // List, Tuple, Dict
    {1, 1},    {2, 2},    {4, 4},                                          // Attr, Item, Slice
    {2, 2},    {2, 2},    {2, 2},    {1, 1},    {1, 1},    {2, 2}, {3, 3}, // Binary .. Condition
    {1, kAny}, {2, 2},    {1, kAny}, {0, kAny},            // Filter, Test, Method, Call
    {0, kAny}, {1, 1},    {3, 3},                          // Namespace, Keyword, SelectAttr
    {0, 0},    {1, 1},    {0, kAny}, {3, 3},    {5, kAny}, // Data, Emit, Body, If, For
    {1, 1},    {2, 2},    {1, 1},    {1, 1},    {0, 0},    {0, 0}}; // Set .. Continue
static_assert(std::size(kArity) == size_t(Op::Count_));

template <size_t size>
static bool fits(const abi::TemplateNode &node, const abi::TemplateSignature (&table)[size],
                 uint32_t extra) {
  return node.detail < size && node.linkCount == extra + parameterCount(table[node.detail]);
}

static bool hasDetail(const abi::TemplateNode &node) {
  switch (static_cast<Op>(node.op)) {
  case Op::Filter:
    return fits(node, abi::kTemplateFilters, 1);
  case Op::Method:
    return fits(node, abi::kTemplateMethods, 1);
  case Op::Call:
    return fits(node, abi::kTemplateFunctions, 0);
  case Op::Function:
    return node.detail < std::size(abi::kTemplateFunctions);
  case Op::Test:
  case Op::SelectAttr:
    return node.detail < std::size(abi::kTemplateTests);
  case Op::Binary:
    return node.detail < static_cast<uint16_t>(abi::TemplateBinary::Count_);
  case Op::Dict:
    return node.linkCount % 2 == 0;
  default:
    return true;
  }
}

static bool isSound(const Program &program, uint32_t id) {
  const abi::TemplateNode &node = program.nodes[id];
  if (node.op >= static_cast<uint16_t>(Op::Count_))
    return false;
  Arity arity = kArity[node.op];
  if (node.linkCount < arity.least || node.linkCount > arity.most)
    return false;
  if (uint64_t(node.firstLink) + node.linkCount > program.links.size() || !hasDetail(node))
    return false;
  return std::ranges::all_of(program.children(id), [&](uint32_t child) { return child < id; });
}

Status checkTemplate(const Program &program) {
  std::vector<uint32_t> depths(program.nodes.size());
  for (uint32_t id = 0; id < program.nodes.size(); ++id) {
    if (!isSound(program, id))
      return error("chat template has a damaged node");
    for (uint32_t child : program.children(id))
      depths[id] = std::max(depths[id], depths[child]);
    if (++depths[id] > abi::kTemplateMaxDepth)
      return error("chat template is nested too deeply");
  }
  return {};
}

} // namespace phirt::jinja
