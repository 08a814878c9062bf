// Methods of Python's str and dict, and loop.cycle.
#include "template/Evaluator.h"

namespace phirt::jinja {

using abi::TemplateMethod;

Value Evaluator::method(TemplateMethod method, Arguments arguments) {
  const Value &object = arguments[0];
  std::string_view name = abi::kTemplateMethods[static_cast<size_t>(method)].name;
  if (failed())
    return {};
  if (object.is(Kind::Text) && method < TemplateMethod::Items)
    return textMethod(method, arguments);
  if (object.is(Kind::Dict) && method >= TemplateMethod::Items && method <= TemplateMethod::Get) {
    if (findEntry(*object.dict, name))
      return fail("a dict whose key is named as the method '" + std::string(name) +
                  "' is not supported");
    return dictMethod(method, arguments);
  }
  if (object.is(Kind::Loop) && method == TemplateMethod::Cycle) {
    int64_t given = 0;
    while (given + 1 < int64_t(arguments.size()) && !arguments[given + 1].is(Kind::Absent))
      ++given;
    return arguments[1 + object.loop->index % given];
  }
  return fail(std::string(kindName(object)) + " has no method '" + std::string(name) + "'");
}

Value Evaluator::textMethod(TemplateMethod method, Arguments arguments) {
  const Text &text = *arguments[0].text;
  auto argument = [&](size_t index) -> const Text & {
    return textOf(arguments[index], "this method");
  };
  charge(text.size());
  switch (method) {
  case TemplateMethod::Strip:
  case TemplateMethod::LStrip:
  case TemplateMethod::RStrip:
    return stripText(text, arguments[1], method != TemplateMethod::RStrip,
                     method != TemplateMethod::LStrip);
  case TemplateMethod::StartsWith:
    return Value::boolean(text.bytes.starts_with(argument(1).bytes));
  case TemplateMethod::EndsWith:
    return Value::boolean(text.bytes.ends_with(argument(1).bytes));
  case TemplateMethod::Split:
  case TemplateMethod::RSplit:
    return splitMethod(arguments, method == TemplateMethod::RSplit);
  case TemplateMethod::Replace:
    return replaceText(text, argument(1), argument(2), arguments[3]);
  case TemplateMethod::Upper:
    return caseText(text, Case::Upper);
  case TemplateMethod::Lower:
    return caseText(text, Case::Lower);
  case TemplateMethod::Capitalize:
    return caseText(text, Case::Capitalize);
  case TemplateMethod::Title:
    return caseText(text, Case::TitleMethod);
  case TemplateMethod::Join:
    return joinTexts(arguments[1], text, false, Value::absent());
  case TemplateMethod::Find: {
    size_t at = findText(text.bytes, argument(1).bytes);
    bool found = at != std::string_view::npos;
    return Value::integer(
        found ? int64_t(characterCount(std::string_view(text.bytes).substr(0, at))) : -1);
  }
  default: { // Count
    if (argument(1).size() == 0)
      return fail("count of an empty str is not supported");
    return Value::integer(int64_t(countText(text, argument(1), -1)));
  }
  }
}

Value Evaluator::dictMethod(TemplateMethod method, Arguments arguments) {
  if (!arguments[0].is(Kind::Dict))
    return fail(std::string(kindName(arguments[0])) + " has no items");
  const Dict &dict = *arguments[0].dict;
  if (method == TemplateMethod::Get) {
    const Value *value = findEntry(dict, textOf(arguments[1], "get").bytes);
    return value ? *value : arguments[2].is(Kind::Absent) ? Value::none() : arguments[2];
  }
  std::vector<Value> items;
  for (const auto &[key, value] : dict.entries)
    items.push_back(method == TemplateMethod::Keys     ? key
                    : method == TemplateMethod::Values ? value
                                                       : makeList({key, value}, ListKind::Tuple));
  return makeList(std::move(items), ListKind::Iterator);
}

Value Evaluator::splitMethod(Arguments arguments, bool fromRight) {
  const Text &text = *arguments[0].text;
  bool atSpace = arguments[1].is(Kind::Absent) || arguments[1].is(Kind::None);
  int64_t limit = integerOf(arguments[2], -1);
  if (atSpace && limit >= 0)
    return fail("split at white space with a limit is not supported");
  const Text &separator = atSpace ? text : textOf(arguments[1], "split");
  if (!atSpace && separator.size() == 0)
    return fail("split at an empty str");
  // Each part costs more than its bytes, and looking from the right is quadratic.
  if (failed() || !charge(fromRight ? text.size() * (separator.size() + 1) : text.size()))
    return {};
  std::vector<Text> parts = atSpace     ? splitAtSpace(text)
                            : fromRight ? splitFromRight(text, separator.bytes, limit)
                                        : split(text, separator.bytes, limit);
  if (parts.size() >= kMaxParts)
    return fail("splits into too many parts");
  std::vector<Value> items;
  for (Text &part : parts) {
    if (failed())
      break;
    items.push_back(makeText(std::move(part)));
  }
  return makeList(std::move(items));
}

} // namespace phirt::jinja
