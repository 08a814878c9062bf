// tojson as transformers has it: json.dumps with ensure_ascii off.
#include "template/Evaluator.h"
#include <cstdio>

namespace phirt::jinja {

Value Evaluator::toJson(const Value &value, const Value &ensureAscii, const Value &indent) {
  if (truth(ensureAscii))
    return fail("tojson with ensure_ascii is not supported");
  int64_t width = integerOf(indent, -1);
  if (width > 16 || (width < 0 && indent.isNumber()))
    return fail("tojson with this indent is not supported");
  Text out;
  if (!failed())
    writeJson(value, width, 0, out);
  return makeText(std::move(out));
}

void Evaluator::writeJsonBreak(int64_t indent, int64_t level, Text &out) {
  if (indent >= 0)
    out.append("\n" + std::string(indent * level, ' '), true);
}

void Evaluator::writeJsonText(const Text &text, Text &out) {
  static constexpr std::string_view kShort = "\"\\\n\r\t\b\f", kLetters = "\"\\nrtbf";
  if (!reserve(4 * text.size()))
    return;
  out.append("\"", true);
  for (size_t i = 0; i < text.size() && charge(1); ++i) {
    char c = text.bytes[i], escape[8];
    bool trusted = text.trust[i];
    if (size_t at = kShort.find(c); at != std::string_view::npos)
      out.append(std::string{'\\', kLetters[at]}, trusted);
    else if (static_cast<unsigned char>(c) < 0x20)
      out.append(std::string_view(escape, std::snprintf(escape, sizeof escape, "\\u%04x", c)),
                 trusted);
    else
      out.append(std::string_view(&c, 1), trusted);
  }
  out.append("\"", true);
}

void Evaluator::writeJson(const Value &value, int64_t indent, int64_t level, Text &out) {
  if (!charge(8 + level * 16))
    return;
  bool list = value.is(Kind::List) && value.list->kind <= ListKind::Tuple;
  if (value.is(Kind::Text))
    return writeJsonText(*value.text, out);
  if (value.is(Kind::None) || value.is(Kind::Bool))
    return out.append(value.is(Kind::None) ? "null" : value.number ? "true" : "false", true);
  if (value.is(Kind::Int))
    return out.append(std::to_string(value.number), true);
  if (!list && !value.is(Kind::Dict))
    return void(fail("tojson of a " + std::string(kindName(value)) + " is not supported"));
  size_t count = list ? value.list->items.size() : value.dict->entries.size();
  out.append(list ? "[" : "{", true);
  for (size_t i = 0; i < count && !failed(); ++i) {
    if (i > 0)
      out.append(indent < 0 ? ", " : ",", true);
    writeJsonBreak(indent, level + 1, out);
    if (!list) {
      writeJsonText(*value.dict->entries[i].first.text, out);
      out.append(": ", true);
    }
    writeJson(list ? value.list->items[i] : value.dict->entries[i].second, indent, level + 1, out);
  }
  if (count > 0)
    writeJsonBreak(indent, level, out);
  out.append(list ? "]" : "}", true);
}

} // namespace phirt::jinja
