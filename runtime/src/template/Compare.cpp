// Comparisons, `in`, and the tests after `is`.
#include "template/Evaluator.h"
#include <algorithm>

namespace phirt::jinja {

using abi::TemplateTest;

static bool sameObject(const Value &left, const Value &right) { return left.list == right.list; }

bool Evaluator::equal(const Value &left, const Value &right) {
  if (!charge(8))
    return false;
  if (left.isNumber() && right.isNumber())
    return left.number == right.number;
  if (left.kind != right.kind)
    return false;
  if (left.is(Kind::Text))
    return charge(left.text->size()) && left.text->bytes == right.text->bytes;
  if (left.is(Kind::List) && left.list->kind != ListKind::Iterator) {
    return left.list->kind == right.list->kind &&
           std::ranges::equal(left.list->items, right.list->items,
                              [&](const Value &a, const Value &b) { return equal(a, b); });
  }
  if (left.is(Kind::Dict)) {
    return left.dict->entries.size() == right.dict->entries.size() &&
           std::ranges::all_of(left.dict->entries, [&](const auto &entry) {
             const Value *other = findEntry(*right.dict, entry.first.text->bytes);
             return charge(right.dict->entries.size()) && other && equal(entry.second, *other);
           });
  }
  return left.is(Kind::Function) ? left.number == right.number : sameObject(left, right);
}

bool Evaluator::less(const Value &left, const Value &right, bool orEqual) {
  if (left.isNumber() && right.isNumber())
    return left.number < right.number || (orEqual && left.number == right.number);
  if (left.is(Kind::Text) && right.is(Kind::Text)) {
    charge(left.text->size());
    // The order of UTF-8's bytes is that of code points.
    int order = left.text->bytes.compare(right.text->bytes);
    return order < 0 || (orEqual && order == 0);
  }
  fail("cannot order " + std::string(kindName(left)) + " and " + std::string(kindName(right)));
  return false;
}

bool Evaluator::contains(const Value &container, const Value &value) {
  if (container.is(Kind::Text)) {
    charge(container.text->size());
    return findText(container.text->bytes, textOf(value, "'in' a str").bytes) !=
           std::string_view::npos;
  }
  if (container.is(Kind::Dict)) {
    charge(container.dict->entries.size());
    if (value.is(Kind::List) || value.is(Kind::Dict))
      fail("a list or dict is no key");
    return value.is(Kind::Text) && findEntry(*container.dict, value.text->bytes);
  }
  return std::ranges::any_of(itemsOf(container),
                             [&](const Value &item) { return equal(item, value); });
}

bool Evaluator::test(TemplateTest test, const Value &value, const Value &argument) {
  switch (test) {
  case TemplateTest::Equal:
    return equal(value, argument);
  case TemplateTest::NotEqual:
    return !equal(value, argument);
  case TemplateTest::Less:
  case TemplateTest::LessEqual:
    return less(value, argument, test == TemplateTest::LessEqual);
  case TemplateTest::Greater:
  case TemplateTest::GreaterEqual:
    return less(argument, value, test == TemplateTest::GreaterEqual);
  case TemplateTest::In:
    return contains(argument, value);
  case TemplateTest::Truth:
    return truth(value);
  case TemplateTest::Even:
  case TemplateTest::Odd:
  case TemplateTest::DivisibleBy: {
    if (!value.isNumber())
      return fail("cannot divide a " + std::string(kindName(value))), false;
    int64_t by = test == TemplateTest::DivisibleBy ? integerOf(argument, 0) : 2;
    int64_t rest = arithmetic(abi::TemplateBinary::Modulo, value.number, by).number;
    return (rest == 0) == (test != TemplateTest::Odd);
  }
  default:
    return typeTest(test, value);
  }
}

bool Evaluator::typeTest(TemplateTest test, const Value &value) {
  switch (test) {
  case TemplateTest::Defined:
    return !value.is(Kind::Undefined);
  case TemplateTest::Undefined:
    return value.is(Kind::Undefined);
  case TemplateTest::None:
    return value.is(Kind::None);
  case TemplateTest::String:
    return value.is(Kind::Text);
  case TemplateTest::Number:
    return value.isNumber();
  case TemplateTest::Integer:
    return value.is(Kind::Int);
  case TemplateTest::Boolean:
    return value.is(Kind::Bool);
  case TemplateTest::True:
    return value.is(Kind::Bool) && value.number;
  case TemplateTest::False:
    return value.is(Kind::Bool) && !value.number;
  case TemplateTest::Mapping:
    return value.is(Kind::Dict);
  case TemplateTest::Sequence:
    if (value.is(Kind::List))
      return value.list->kind != ListKind::Iterator;
    return value.is(Kind::Text) || value.is(Kind::Dict) || value.is(Kind::Undefined);
  default: // Iterable
    return value.is(Kind::Text) || value.is(Kind::Dict) || value.is(Kind::List) ||
           value.is(Kind::Undefined) || value.is(Kind::Loop);
  }
}

} // namespace phirt::jinja
