// What filters and methods share, and the global functions.
#include "template/Evaluator.h"
#include <ctime>

namespace phirt::jinja {

using abi::TemplateFunction;

Value Evaluator::evaluateCall(uint32_t id) {
  std::vector<Value> arguments = evaluateChildren(id);
  if (failed())
    return {};
  switch (static_cast<TemplateFunction>(program.nodes[id].detail)) {
  case TemplateFunction::RaiseException:
    return fail(toText(arguments[0]).bytes);
  case TemplateFunction::StrftimeNow:
    return formatTime(arguments[0]);
  case TemplateFunction::Range:
    return range(arguments);
  default:
    return fail("a damaged template: no such function");
  }
}

/// The time of now, as datetime.now().strftime formats it.
Value Evaluator::formatTime(const Value &format) {
  const std::string &text = textOf(format, "strftime_now").bytes;
  std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  char buffer[512];
  // %f, %:z and the like are Python's own.
  if (text.contains("%f") || text.contains("%:") || text.contains('\0'))
    return fail("this format of strftime_now is not supported");
  size_t size = std::strftime(buffer, sizeof buffer, text.c_str(), &local);
  if (size == 0 && !text.empty())
    return fail("strftime_now makes too much text or none");
  return makeText(std::string_view(buffer, size), true);
}

Value Evaluator::range(Arguments arguments) {
  bool one = arguments[1].is(Kind::Absent);
  for (const Value &argument : arguments)
    if (!argument.isNumber() && !argument.is(Kind::Absent))
      return fail("range takes ints, got " + std::string(kindName(argument)));
  int64_t start = one ? 0 : arguments[0].number, stop = arguments[one ? 0 : 1].number;
  int64_t step = integerOf(arguments[2], 1);
  static constexpr int64_t kMost = 100000; // as Jinja's sandbox
  static constexpr int64_t kFar = int64_t(1) << 40;
  if (step == 0 || std::abs(start / kFar) + std::abs(stop / kFar) + std::abs(step / kFar) > 0)
    return fail("range cannot be that");
  std::vector<Value> items;
  for (int64_t i = start; step > 0 ? i < stop : i > stop; i += step) {
    if (items.size() >= kMost)
      return fail("range is longer than " + std::to_string(kMost));
    items.push_back(Value::integer(i));
  }
  return makeList(std::move(items), ListKind::Range);
}

Value Evaluator::stripText(const Text &text, const Value &characters, bool left, bool right) {
  bool space = characters.is(Kind::Absent) || characters.is(Kind::None);
  const Text *set = space ? nullptr : &textOf(characters, "strip");
  if (failed() || !charge(text.size() * (set ? set->size() + 1 : 2)))
    return {};
  return makeText(strip(text, set, left, right));
}

Value Evaluator::replaceText(const Text &text, const Text &old, const Text &with,
                             const Value &count) {
  if (old.size() == 0)
    return fail("replacing an empty str is not supported");
  int64_t limit = integerOf(count, -1);
  if (failed() || !reserve(2 * replacedSize(text, old, with, limit)))
    return {};
  return makeText(replace(text, old, with, limit));
}

Value Evaluator::caseText(const Text &text, Case how) {
  if (!isAscii(text.bytes))
    return fail("changing the case of letters outside ASCII is not supported");
  return makeText(changeCase(text, how));
}

/// `convert`: items are printed, as the filter does; otherwise they must be texts, as for the
/// method.
Value Evaluator::joinTexts(const Value &list, const Text &separator, bool convert,
                           const Value &attribute) {
  std::vector<Value> items = itemsOf(list);
  Text text;
  for (size_t i = 0; i < items.size() && charge(separator.size()); ++i) {
    const Value item = attribute.is(Kind::Absent) || attribute.is(Kind::None)
                           ? items[i]
                           : getItem(items[i], attribute);
    if (i > 0)
      text.append(separator);
    const Text part = convert ? toText(item) : textOf(item, "join");
    if (reserve(2 * (part.size() + separator.size())))
      text.append(part);
  }
  return makeText(std::move(text));
}

} // namespace phirt::jinja
