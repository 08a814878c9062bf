#pragma once
/// Evaluates a compiled template. The first failure is kept and every budget is spent with it, so
/// that all loops end; values that come after it are not looked at.

#include "phirt/Text.h"
#include "template/Program.h"
#include "template/Value.h"
#include <deque>
#include <string>

namespace phirt::jinja {

class Evaluator {
public:
  explicit Evaluator(const Program &program) : program(program) {}

  Result<Text> run(std::span<const Message> messages, bool addGenerationPrompt);

private:
  enum class Flow { Next, Break, Continue };
  using Arguments = std::span<const Value>;

  // Statements (Statements.cpp)
  void setGlobals(std::span<const Message> messages, bool addGenerationPrompt);
  Flow execute(uint32_t id);
  Flow executeBody(uint32_t id);
  Flow executeIf(uint32_t id);
  Flow executeFor(uint32_t id);
  Flow executeLoop(uint32_t id, std::vector<Value> values);
  Flow executeScope(uint32_t id);
  void executeSetAttribute(uint32_t id);
  void executeSetBlock(uint32_t id);
  std::vector<Value> filterItems(uint32_t id, const std::vector<Value> &items);
  bool setTargets(uint32_t id, const Value &item);
  void emit(const Text &text);

  // Names (Names.cpp)
  void assign(std::string_view name, Value value);
  Value lookup(std::string_view name);
  void enterScope() { scopes.push_back(variables.size()); }
  void leaveScope();

  // Expressions (Expressions.cpp)
  Value evaluate(uint32_t id);
  Value evaluateNode(uint32_t id);
  Value evaluateList(uint32_t id, ListKind kind);
  Value evaluateDict(uint32_t id);
  Value evaluateAndOr(uint32_t id, bool isAnd);
  Value evaluateCondition(uint32_t id);
  Value evaluateSlice(uint32_t id);
  Value evaluateNamespace(uint32_t id);
  Value evaluateCall(uint32_t id);
  Value evaluateSelect(uint32_t id);
  std::vector<Value> evaluateChildren(uint32_t id);

  // Attributes and subscripts (Access.cpp)
  Value getAttribute(const Value &object, std::string_view name);
  Value getLoopAttribute(const Loop &loop, std::string_view name);
  Value getItem(const Value &object, const Value &index);
  Value getElement(const Value &object, int64_t index);
  const Value *findEntry(const Dict &dict, std::string_view key) const;

  // Operators (Operators.cpp, Compare.cpp)
  Value binary(abi::TemplateBinary op, const Value &left, const Value &right);
  Value arithmetic(abi::TemplateBinary op, int64_t left, int64_t right);
  Value add(const Value &left, const Value &right);
  Value repeat(const Value &value, int64_t count);
  bool truth(const Value &value) const;
  bool equal(const Value &left, const Value &right);
  bool less(const Value &left, const Value &right, bool orEqual);
  bool contains(const Value &container, const Value &value);
  bool test(abi::TemplateTest test, const Value &value, const Value &argument);
  bool typeTest(abi::TemplateTest test, const Value &value);

  // Filters, methods, functions (Filters.cpp, Methods.cpp, Functions.cpp, Json.cpp)
  Value filter(abi::TemplateFilter filter, Arguments arguments);
  Value textFilter(abi::TemplateFilter filter, Arguments arguments);
  Value listFilter(abi::TemplateFilter filter, Arguments arguments);
  Value method(abi::TemplateMethod method, Arguments arguments);
  Value textMethod(abi::TemplateMethod method, Arguments arguments);
  Value dictMethod(abi::TemplateMethod method, Arguments arguments);
  Value splitMethod(Arguments arguments, bool fromRight);
  Value stripText(const Text &text, const Value &characters, bool left, bool right);
  Value replaceText(const Text &text, const Text &old, const Text &with, const Value &count);
  Value caseText(const Text &text, Case how);
  Value joinTexts(const Value &list, const Text &separator, bool convert, const Value &attribute);
  Value length(const Value &value);
  Value endOf(const Value &value, bool last);
  Value reversed(const Value &value);
  Value range(Arguments arguments);
  Value formatTime(const Value &format);
  Value toJson(const Value &value, const Value &ensureAscii, const Value &indent);
  void writeJson(const Value &value, int64_t indent, int64_t level, Text &out);
  void writeJsonText(const Text &text, Text &out);
  void writeJsonBreak(int64_t indent, int64_t level, Text &out);

  // Values (Values.cpp)
  Value makeText(Text text);
  Value makeText(std::string_view text, bool trusted) { return makeText(Text(text, trusted)); }
  Value makeList(std::vector<Value> items, ListKind kind = ListKind::List);
  Value makeDict(std::vector<std::pair<Value, Value>> entries);
  Value undefined(std::string_view name);
  Text toText(const Value &value);
  const Text &textOf(const Value &value, std::string_view what); ///< fails where it is none
  int64_t integerOf(const Value &value, int64_t otherwise);      ///< absent or none: `otherwise`
  std::vector<Value> itemsOf(const Value &value);
  unsigned depthOf(const Value &value) const;

  /// Takes `amount` of the work that a rendering may do: about one for each byte or item touched.
  bool charge(uint64_t amount);
  /// Takes `bytes` of the memory that a rendering may ask for.
  bool reserve(uint64_t bytes);
  Value fail(std::string message);
  bool failed() const { return !failure.empty(); }

  const Program &program;
  uint32_t line = 0; ///< of the node under evaluation
  std::string failure;
  uint64_t work = 0, memory = 0;
  Text out;
  std::vector<std::pair<std::string_view, Value>> variables;
  std::vector<size_t> scopes; ///< where in `variables` each scope starts
  std::deque<List> lists;
  std::deque<Dict> dicts;
  std::deque<Namespace> namespaces;
  std::deque<Loop> loops;
};

/// A value's kind as Python names it.
std::string_view kindName(const Value &value);

} // namespace phirt::jinja
