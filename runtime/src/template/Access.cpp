// Attributes, subscripts and slices. What is missing is undefined; Python's own attributes are
// refused.
#include "template/Evaluator.h"
#include <algorithm>

namespace phirt::jinja {

const Value *Evaluator::findEntry(const Dict &dict, std::string_view key) const {
  for (const auto &entry : dict.entries)
    if (entry.first.text->bytes == key)
      return &entry.second;
  return nullptr;
}

/// Whether Python finds `name` on str, list or dict objects, where it would be a method and not
/// data.
static bool isPythonName(const Value &object, std::string_view name) {
  static constexpr std::string_view kDict[] = {"items",   "keys",       "values",  "get",
                                               "pop",     "copy",       "update",  "clear",
                                               "popitem", "setdefault", "fromkeys"};
  static constexpr std::string_view kList[] = {"append", "clear",   "copy",   "count",
                                               "extend", "index",   "insert", "pop",
                                               "remove", "reverse", "sort"};
  if (name.starts_with("__"))
    return true;
  if (object.is(Kind::Dict))
    return std::ranges::find(kDict, name) != std::end(kDict);
  if (object.is(Kind::List))
    return std::ranges::find(kList, name) != std::end(kList);
  return object.is(Kind::Text) &&
         std::ranges::find(abi::kTemplateMethods, name, &abi::TemplateSignature::name) !=
             std::end(abi::kTemplateMethods);
}

Value Evaluator::getAttribute(const Value &object, std::string_view name) {
  charge(object.is(Kind::Dict) ? object.dict->entries.size() : 1);
  if (object.is(Kind::Undefined))
    return fail("'" + (object.text ? object.text->bytes : std::string("value")) + "' is undefined");
  if (object.is(Kind::Loop))
    return getLoopAttribute(*object.loop, name);
  if (isPythonName(object, name))
    return fail("'" + std::string(name) + "' as a value is not supported");
  if (object.is(Kind::Dict))
    if (const Value *value = findEntry(*object.dict, name))
      return *value;
  if (object.is(Kind::Namespace))
    for (const auto &entry : object.space->entries)
      if (entry.first == name)
        return entry.second;
  return undefined(name);
}

Value Evaluator::getLoopAttribute(const Loop &loop, std::string_view name) {
  int64_t index = loop.index, size = static_cast<int64_t>(loop.items->size());
  const std::pair<std::string_view, Value> kAttributes[] = {
      {"index", Value::integer(index + 1)},
      {"index0", Value::integer(index)},
      {"revindex", Value::integer(size - index)},
      {"revindex0", Value::integer(size - index - 1)},
      {"first", Value::boolean(index == 0)},
      {"last", Value::boolean(index == size - 1)},
      {"length", Value::integer(size)},
      {"depth", Value::integer(1)}, // it counts recursive loops alone
      {"depth0", Value::integer(0)}};
  for (const auto &attribute : kAttributes)
    if (attribute.first == name)
      return attribute.second;
  if (name == "previtem")
    return index > 0 ? (*loop.items)[index - 1] : undefined("previtem");
  if (name == "nextitem")
    return index + 1 < size ? (*loop.items)[index + 1] : undefined("nextitem");
  return fail("loop." + std::string(name) + " is not supported");
}

Value Evaluator::getItem(const Value &object, const Value &index) {
  if (object.is(Kind::Undefined))
    return getAttribute(object, "");
  if (object.is(Kind::Dict) && index.is(Kind::Text)) {
    charge(object.dict->entries.size());
    if (const Value *value = findEntry(*object.dict, index.text->bytes))
      return *value;
  }
  if (index.is(Kind::Text))
    return object.is(Kind::Dict) && !isPythonName(object, index.text->bytes)
               ? undefined(index.text->bytes)
               : getAttribute(object, index.text->bytes);
  if (index.isNumber() && (object.is(Kind::List) || object.is(Kind::Text)))
    return getElement(object, index.number);
  return undefined("subscript");
}

Value Evaluator::getElement(const Value &object, int64_t index) {
  if (object.is(Kind::List)) {
    auto size = static_cast<int64_t>(object.list->items.size());
    index += index < 0 ? size : 0;
    bool inside = index >= 0 && index < size && object.list->kind != ListKind::Iterator;
    return inside ? object.list->items[index] : undefined("item");
  }
  if (!charge(object.text->size()) || !reserve(8 * object.text->size()))
    return {};
  std::vector<size_t> starts = characterStarts(object.text->bytes);
  auto size = static_cast<int64_t>(starts.size() - 1);
  index += index < 0 ? size : 0;
  if (index < 0 || index >= size)
    return undefined("character");
  return makeText(object.text->slice(starts[index], starts[index + 1]));
}

/// Indices that a Python slice takes from a sequence of `size`, as slice.indices has it.
static std::vector<int64_t> sliceIndices(int64_t size, const Value &from, const Value &to,
                                         int64_t step) {
  auto clamp = [&](const Value &value, int64_t otherwise) {
    if (!value.isNumber())
      return otherwise;
    int64_t index = value.number < 0 ? value.number + size : value.number;
    return step > 0 ? std::clamp<int64_t>(index, 0, size)
                    : std::clamp<int64_t>(index, -1, size - 1);
  };
  int64_t start = clamp(from, step > 0 ? 0 : size - 1), stop = clamp(to, step > 0 ? size : -1);
  step = std::clamp<int64_t>(step, -size - 1, size + 1);
  std::vector<int64_t> indices;
  for (int64_t i = start; step > 0 ? i < stop : i > stop; i += step)
    indices.push_back(i);
  return indices;
}

Value Evaluator::evaluateSlice(uint32_t id) {
  std::vector<Value> parts = evaluateChildren(id);
  const Value &object = parts[0];
  integerOf(parts[1], 0), integerOf(parts[2], 0);
  int64_t step = integerOf(parts[3], 1);
  bool list = object.is(Kind::List) && object.list->kind != ListKind::Iterator;
  if (step == 0 || (!list && !object.is(Kind::Text)))
    return fail(step == 0 ? "cannot slice by 0"
                          : "cannot slice a " + std::string(kindName(object)));
  size_t size = list ? object.list->items.size() : object.text->size();
  if (!charge(16 * size) || !reserve(16 * size))
    return {};
  if (list) {
    std::vector<Value> items;
    for (int64_t i : sliceIndices(object.list->items.size(), parts[1], parts[2], step))
      items.push_back(object.list->items[i]);
    return makeList(std::move(items), object.list->kind);
  }
  std::vector<size_t> starts = characterStarts(object.text->bytes);
  Text text;
  for (int64_t i : sliceIndices(starts.size() - 1, parts[1], parts[2], step))
    text.append(object.text->slice(starts[i], starts[i + 1]));
  return makeText(std::move(text));
}

} // namespace phirt::jinja
