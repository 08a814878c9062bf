// Jinja's filters.
#include "template/Evaluator.h"
#include <algorithm>

namespace phirt::jinja {

using abi::TemplateFilter;

Value Evaluator::filter(TemplateFilter filter, Arguments arguments) {
  if (failed())
    return {};
  switch (filter) {
  case TemplateFilter::Default: {
    const Value &value = arguments[0];
    bool replaces = value.is(Kind::Undefined) || (truth(arguments[2]) && !truth(value));
    return !replaces ? value : arguments[1].is(Kind::Absent) ? makeText("", true) : arguments[1];
  }
  case TemplateFilter::Length:
    return length(arguments[0]);
  case TemplateFilter::ToJson:
    return toJson(arguments[0], arguments[1], arguments[2]);
  case TemplateFilter::Join: {
    Text separator = arguments[1].is(Kind::Absent) ? Text() : toText(arguments[1]);
    return joinTexts(arguments[0], separator, true, arguments[2]);
  }
  case TemplateFilter::First:
  case TemplateFilter::Last:
    return endOf(arguments[0], filter == TemplateFilter::Last);
  case TemplateFilter::Reverse:
    return reversed(arguments[0]);
  case TemplateFilter::List:
  case TemplateFilter::Items:
  case TemplateFilter::Map:
    return listFilter(filter, arguments);
  default:
    return textFilter(filter, arguments);
  }
}

/// Filters that first make a text of their value.
Value Evaluator::textFilter(TemplateFilter filter, Arguments arguments) {
  Text text = toText(arguments[0]);
  switch (filter) {
  case TemplateFilter::Trim:
    return stripText(text, arguments[1], true, true);
  case TemplateFilter::Upper:
    return caseText(text, Case::Upper);
  case TemplateFilter::Lower:
    return caseText(text, Case::Lower);
  case TemplateFilter::Capitalize:
    return caseText(text, Case::Capitalize);
  case TemplateFilter::Title:
    return caseText(text, Case::TitleFilter);
  case TemplateFilter::Replace: {
    bool all = arguments[3].is(Kind::Int) && arguments[3].number == 0;
    return replaceText(text, toText(arguments[1]), toText(arguments[2]),
                       all ? Value::absent() : arguments[3]);
  }
  default: // String
    return makeText(std::move(text));
  }
}

Value Evaluator::listFilter(TemplateFilter filter, Arguments arguments) {
  if (filter == TemplateFilter::List)
    return makeList(itemsOf(arguments[0]));
  if (filter == TemplateFilter::Items) {
    if (arguments[0].is(Kind::Undefined))
      return makeList({}, ListKind::Iterator);
    return dictMethod(abi::TemplateMethod::Items, arguments);
  }
  std::vector<Value> items = itemsOf(arguments[0]);
  if (textOf(arguments[1], "map's attribute").bytes.contains('.'))
    return fail("map with a dotted attribute is not supported");
  for (Value &item : items)
    item = failed() ? Value() : getItem(item, arguments[1]);
  return makeList(std::move(items), ListKind::Iterator);
}

Value Evaluator::length(const Value &value) {
  switch (value.kind) {
  case Kind::Undefined:
    return Value::integer(0);
  case Kind::Text:
    charge(value.text->size());
    return Value::integer(characterCount(value.text->bytes));
  case Kind::Dict:
    return Value::integer(value.dict->entries.size());
  case Kind::Loop:
    return Value::integer(value.loop->items->size());
  case Kind::List:
    if (value.list->kind != ListKind::Iterator)
      return Value::integer(value.list->items.size());
    [[fallthrough]];
  default:
    return fail(std::string(kindName(value)) + " has no length");
  }
}

/// first and last.
Value Evaluator::endOf(const Value &value, bool last) {
  if (last && value.is(Kind::List) && value.list->kind == ListKind::Iterator)
    return fail("'last' of an iterator is not supported");
  std::vector<Value> items = itemsOf(value);
  if (items.empty())
    return undefined(last ? "last" : "first");
  return last ? items.back() : items.front();
}

Value Evaluator::reversed(const Value &value) {
  if (value.is(Kind::Undefined) || (value.is(Kind::List) && value.list->kind == ListKind::Iterator))
    return fail("'reverse' of this value is not supported");
  std::vector<Value> items = itemsOf(value);
  std::ranges::reverse(items);
  if (!value.is(Kind::Text))
    return makeList(std::move(items), ListKind::Iterator);
  return joinTexts(makeList(std::move(items)), Text(), false, Value::absent());
}

} // namespace phirt::jinja
