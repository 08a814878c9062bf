// Expressions: literals, names and what combines them.
#include "template/Evaluator.h"

namespace phirt::jinja {

Value Evaluator::evaluate(uint32_t id) {
  if (!charge(16))
    return {};
  uint32_t around = std::exchange(line, program.nodes[id].line);
  Value value = evaluateNode(id);
  line = around;
  return value;
}

Value Evaluator::evaluateNode(uint32_t id) {
  const abi::TemplateNode &node = program.nodes[id];
  auto child = [&](unsigned index) { return evaluate(program.child(id, index)); };
  switch (static_cast<Op>(node.op)) {
  case Op::Absent:
    return Value::absent();
  case Op::None:
    return Value::none();
  case Op::Bool:
    return Value::boolean(node.value);
  case Op::Int:
    return Value::integer(node.value);
  case Op::Str:
    return makeText(program.text(id), true);
  case Op::Name:
    return lookup(program.text(id));
  case Op::Function:
    return Value::of(Kind::Function, node.detail);
  case Op::List:
    return evaluateList(id, ListKind::List);
  case Op::Tuple:
    return evaluateList(id, ListKind::Tuple);
  case Op::Dict:
    return evaluateDict(id);
  case Op::Attr:
    return getAttribute(child(0), program.text(id));
  case Op::Item: {
    Value object = child(0);
    return getItem(object, child(1));
  }
  case Op::Slice:
    return evaluateSlice(id);
  case Op::Binary: {
    Value left = child(0);
    return binary(static_cast<abi::TemplateBinary>(node.detail), left, child(1));
  }
  case Op::And:
    return evaluateAndOr(id, true);
  case Op::Or:
    return evaluateAndOr(id, false);
  case Op::Not:
    return Value::boolean(!truth(child(0)));
  case Op::Negate: {
    Value operand = child(0);
    if (!operand.isNumber())
      return fail("cannot negate a " + std::string(kindName(operand)));
    return arithmetic(abi::TemplateBinary::Subtract, 0, operand.number);
  }
  case Op::Concat: {
    Text text = toText(child(0));
    text.append(toText(child(1)));
    return makeText(std::move(text));
  }
  case Op::Condition:
    return evaluateCondition(id);
  case Op::Filter:
    return filter(static_cast<abi::TemplateFilter>(node.detail), evaluateChildren(id));
  case Op::Test: {
    Value value = child(0);
    return Value::boolean(test(static_cast<abi::TemplateTest>(node.detail), value, child(1)));
  }
  case Op::Method:
    return method(static_cast<abi::TemplateMethod>(node.detail), evaluateChildren(id));
  case Op::Call:
    return evaluateCall(id);
  case Op::Namespace:
    return evaluateNamespace(id);
  case Op::SelectAttr:
    return evaluateSelect(id);
  default:
    return fail("a damaged template: a statement where an expression belongs");
  }
}

std::vector<Value> Evaluator::evaluateChildren(uint32_t id) {
  std::vector<Value> values;
  for (uint32_t child : program.children(id))
    values.push_back(evaluate(child));
  return values;
}

Value Evaluator::evaluateList(uint32_t id, ListKind kind) {
  return makeList(evaluateChildren(id), kind);
}

Value Evaluator::evaluateDict(uint32_t id) {
  std::vector<Value> flat = evaluateChildren(id);
  std::vector<std::pair<Value, Value>> entries;
  for (size_t i = 0; i + 1 < flat.size() && charge(entries.size()); i += 2) {
    textOf(flat[i], "a dict's key");
    for (const auto &entry : entries)
      if (!failed() && equal(entry.first, flat[i]))
        fail("a dict with a key twice is not supported");
    entries.emplace_back(flat[i], flat[i + 1]);
  }
  return makeDict(std::move(entries));
}

Value Evaluator::evaluateAndOr(uint32_t id, bool isAnd) {
  Value left = evaluate(program.child(id, 0));
  return truth(left) == isAnd ? evaluate(program.child(id, 1)) : left;
}

Value Evaluator::evaluateCondition(uint32_t id) {
  if (truth(evaluate(program.child(id, 0))))
    return evaluate(program.child(id, 1));
  if (program.op(program.child(id, 2)) == Op::Absent)
    return undefined("an if without else");
  return evaluate(program.child(id, 2));
}

Value Evaluator::evaluateNamespace(uint32_t id) {
  std::vector<std::pair<std::string, Value>> entries;
  for (uint32_t child : program.children(id)) {
    if (program.op(child) != Op::Keyword)
      return fail("a damaged template: a namespace of what is no keyword");
    entries.emplace_back(program.text(child), evaluate(program.child(child, 0)));
  }
  if (!reserve(sizeof(Namespace) + entries.size() * sizeof(entries[0])))
    return {};
  namespaces.push_back({std::move(entries)});
  Value value = Value::of(Kind::Namespace);
  value.space = &namespaces.back();
  return value;
}

/// selectattr and rejectattr.
Value Evaluator::evaluateSelect(uint32_t id) {
  std::vector<Value> items = itemsOf(evaluate(program.child(id, 0))), kept;
  Value name = evaluate(program.child(id, 1)), argument = evaluate(program.child(id, 2));
  bool wanted = program.nodes[id].value != 0;
  for (const Value &item : items) {
    if (failed())
      break;
    Value attribute = getItem(item, name);
    if (test(static_cast<abi::TemplateTest>(program.nodes[id].detail), attribute, argument) ==
        wanted)
      kept.push_back(item);
  }
  return makeList(std::move(kept), ListKind::Iterator);
}

} // namespace phirt::jinja
