// Making values and reading them, within the budget.
#include "template/Evaluator.h"

namespace phirt::jinja {

/// Most work of one rendering; about a second.
static constexpr uint64_t kMaxWork = uint64_t(1) << 30;
/// Most bytes that one rendering makes, what is thrown away included.
static constexpr uint64_t kMaxMemory = uint64_t(512) << 20;
/// Deepest nesting of lists and dicts that a template may build.
static constexpr unsigned kMaxValueDepth = 64;

bool Evaluator::charge(uint64_t amount) {
  work = amount > kMaxWork ? kMaxWork + 1 : work + amount;
  if (work > kMaxWork)
    fail("takes too much work");
  return !failed();
}

bool Evaluator::reserve(uint64_t bytes) {
  memory = bytes > kMaxMemory ? kMaxMemory + 1 : memory + bytes;
  if (memory > kMaxMemory)
    fail("takes too much memory");
  return !failed();
}

Value Evaluator::fail(std::string message) {
  if (!failed())
    failure = "chat template, line " + std::to_string(line) + ": " + std::move(message);
  work = kMaxWork + 1;
  return {};
}

std::string_view kindName(const Value &value) {
  static constexpr std::string_view kNames[] = {"absent",    "undefined", "None",    "bool",
                                                "int",       "str",       "list",    "dict",
                                                "namespace", "loop",      "function"};
  return kNames[static_cast<unsigned>(value.kind)];
}

Value Evaluator::makeText(Text text) {
  if (!reserve(sizeof(Text) + 2 * text.size()) || !charge(text.size()))
    return {};
  Value value = Value::of(Kind::Text);
  value.text = std::make_shared<const Text>(std::move(text));
  return value;
}

unsigned Evaluator::depthOf(const Value &value) const {
  return value.is(Kind::List) ? value.list->depth : value.is(Kind::Dict) ? value.dict->depth : 0;
}

Value Evaluator::makeList(std::vector<Value> items, ListKind kind) {
  if (!charge(items.size()) || !reserve(sizeof(List) + items.size() * sizeof(Value)))
    return {};
  unsigned depth = 0;
  for (const Value &item : items)
    depth = std::max(depth, depthOf(item));
  if (depth >= kMaxValueDepth)
    return fail("nests lists too deeply");
  lists.push_back({std::move(items), kind, false, depth + 1});
  Value value = Value::of(Kind::List);
  value.list = &lists.back();
  return value;
}

Value Evaluator::makeDict(std::vector<std::pair<Value, Value>> entries) {
  if (!charge(entries.size()) || !reserve(sizeof(Dict) + 2 * entries.size() * sizeof(Value)))
    return {};
  unsigned depth = 0;
  for (const auto &entry : entries)
    depth = std::max(depth, depthOf(entry.second));
  if (depth >= kMaxValueDepth)
    return fail("nests dicts too deeply");
  dicts.push_back({std::move(entries), depth + 1});
  Value value = Value::of(Kind::Dict);
  value.dict = &dicts.back();
  return value;
}

Value Evaluator::undefined(std::string_view name) {
  Value value;
  if (reserve(sizeof(Text) + 2 * name.size()))
    value.text = std::make_shared<const Text>(name, true);
  return value;
}

Text Evaluator::toText(const Value &value) {
  switch (value.kind) {
  case Kind::Text:
    charge(value.text->size());
    return *value.text;
  case Kind::Undefined:
    return {};
  case Kind::None:
    return Text("None", true);
  case Kind::Bool:
    return Text(value.number ? "True" : "False", true);
  case Kind::Int:
    return Text(std::to_string(value.number), true);
  default:
    fail("printing a " + std::string(kindName(value)) + " is not supported");
    return {};
  }
}

const Text &Evaluator::textOf(const Value &value, std::string_view what) {
  static const Text kEmpty;
  if (value.is(Kind::Text))
    return charge(value.text->size()), *value.text;
  fail(std::string(what) + " takes a str, got " + std::string(kindName(value)));
  return kEmpty;
}

int64_t Evaluator::integerOf(const Value &value, int64_t otherwise) {
  if (value.is(Kind::Absent) || value.is(Kind::None))
    return otherwise;
  if (!value.isNumber())
    fail("expected an int, got " + std::string(kindName(value)));
  return value.number;
}

/// What a loop over `value` sees.
std::vector<Value> Evaluator::itemsOf(const Value &value) {
  std::vector<Value> items;
  if (value.is(Kind::List)) {
    if (value.list->consumed)
      fail("reading an iterator twice is not supported");
    value.list->consumed = value.list->kind == ListKind::Iterator;
    size_t size = value.list->items.size();
    if (charge(8 * size) && reserve(sizeof(List) + size * sizeof(Value)))
      items = value.list->items;
  } else if (value.is(Kind::Dict)) {
    for (const auto &entry : value.dict->entries)
      items.push_back(entry.first);
  } else if (value.is(Kind::Text)) {
    std::string_view bytes = value.text->bytes;
    for (size_t at = 0, size; at < bytes.size() && charge(64) && reserve(2 * sizeof(Value));
         at += size) {
      size = characterSize(bytes, at);
      items.push_back(makeText(value.text->slice(at, at + size)));
    }
  } else if (!value.is(Kind::Undefined)) {
    fail(std::string(kindName(value)) + " is not iterable");
  }
  return items;
}

} // namespace phirt::jinja
