#pragma once
/// A compiled chat template: a tree of nodes in one block of bytes, used where it lies.
/// Little-endian.
///
/// @verbatim
///   TemplateHeader | TemplateNode[nodeCount] | uint32 link[linkCount] | char text[textBytes]
/// @endverbatim
/// A node's children are link[firstLink .. firstLink + linkCount); each child's index is below its
/// parent's, so the nodes form no cycle. The last node is the root.

#include "phirt/abi/TemplateNames.h"
#include <cstdint>

namespace phirt::abi {

inline constexpr char kTemplateMagic[8] = {'P', 'H', 'I', 'T', 'M', 'P', 'L', 0};
inline constexpr uint32_t kTemplateVersion = 1;
/// Deepest tree that the compiler makes and the runtime opens.
inline constexpr uint32_t kTemplateMaxDepth = 256;

struct TemplateHeader {
  char magic[8];
  uint32_t version;
  uint32_t nodeCount; ///< at least 1
  uint32_t linkCount;
  uint32_t textBytes;
};

/// What a node is. In comments: its children, then `text` where it carries one; `?` marks a child
/// that may be Absent.
enum class TemplateOp : uint16_t {
  Absent,       ///< a child or an argument that is not there
  None,         ///<
  Bool,         ///< value
  Int,          ///< value
  Str,          ///< text
  Name,         ///< text: a variable
  Function,     ///< detail: TemplateFunction, named and not called
  List,         ///< items
  Tuple,        ///< items
  Dict,         ///< key, value, key, value, ...
  Attr,         ///< object; text
  Item,         ///< object, index
  Slice,        ///< object, start?, stop?, step?
  Binary,       ///< left, right; detail: TemplateBinary
  And,          ///< left, right
  Or,           ///< left, right
  Not,          ///< operand
  Negate,       ///< operand
  Concat,       ///< left, right: ~
  Condition,    ///< condition, then, else?
  Filter,       ///< value, arguments?; detail: TemplateFilter
  Test,         ///< value, argument?; detail: TemplateTest
  Method,       ///< object, arguments?; detail: TemplateMethod
  Call,         ///< arguments?; detail: TemplateFunction
  Namespace,    ///< Keyword nodes
  Keyword,      ///< value; text
  SelectAttr,   ///< list, attribute name, argument?; detail: TemplateTest; value: 1 selects, 0
                ///< rejects
  Data,         ///< text
  Emit,         ///< expression
  Body,         ///< statements
  If,           ///< condition, then, else?
  For,          ///< list, filter?, body, else?, then one Name for each target
  Set,          ///< expression; text
  SetAttribute, ///< namespace, expression; text
  SetBlock,     ///< body; text
  Scope,        ///< body
  Break,        ///<
  Continue,     ///<
  Count_
};

enum class TemplateBinary : uint16_t {
  Add,
  Subtract,
  Multiply,
  FloorDivide,
  Modulo,
  Equal,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  In,
  NotIn,
  Count_
};

struct TemplateNode {
  uint16_t op;     ///< TemplateOp
  uint16_t detail; ///< by op
  uint32_t line;   ///< of the source, from 1
  uint32_t firstLink, linkCount;
  int64_t value; ///< by op; for a text: its offset * 2^32 + its length
};
static_assert(sizeof(TemplateHeader) == 24 && sizeof(TemplateNode) == 24);

} // namespace phirt::abi
