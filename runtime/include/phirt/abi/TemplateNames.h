#pragma once
/// The filters, tests, methods and functions that a compiled chat template may use: their names and
/// parameters. The order of each enum is that of its table.

#include <cstdint>
#include <string_view>

namespace phirt::abi {

/// A callable's name, its parameters in order (separated by commas) and how many of them must be
/// given.
struct TemplateSignature {
  std::string_view name, parameters;
  unsigned required = 0;
};

enum class TemplateFilter : uint16_t {
  Trim,
  Upper,
  Lower,
  Capitalize,
  Title,
  Length,
  Default,
  Join,
  ToJson,
  First,
  Last,
  String,
  List,
  Replace,
  Reverse,
  Items,
  Map,
  Count_
};
inline constexpr TemplateSignature kTemplateFilters[] = {{"trim", "chars"},
                                                         {"upper", ""},
                                                         {"lower", ""},
                                                         {"capitalize", ""},
                                                         {"title", ""},
                                                         {"length", ""},
                                                         {"default", "default_value,boolean"},
                                                         {"join", "d,attribute"},
                                                         {"tojson", "ensure_ascii,indent"},
                                                         {"first", ""},
                                                         {"last", ""},
                                                         {"string", ""},
                                                         {"list", ""},
                                                         {"replace", "old,new,count", 2},
                                                         {"reverse", ""},
                                                         {"items", ""},
                                                         {"map", "attribute", 1}};

enum class TemplateTest : uint16_t {
  Defined,
  Undefined,
  None,
  String,
  Number,
  Integer,
  Boolean,
  True,
  False,
  Mapping,
  Sequence,
  Iterable,
  Even,
  Odd,
  DivisibleBy,
  Equal,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  In,
  Truth,
  Count_
};
inline constexpr TemplateSignature kTemplateTests[] = {{"defined", ""},
                                                       {"undefined", ""},
                                                       {"none", ""},
                                                       {"string", ""},
                                                       {"number", ""},
                                                       {"integer", ""},
                                                       {"boolean", ""},
                                                       {"true", ""},
                                                       {"false", ""},
                                                       {"mapping", ""},
                                                       {"sequence", ""},
                                                       {"iterable", ""},
                                                       {"even", ""},
                                                       {"odd", ""},
                                                       {"divisibleby", "num", 1},
                                                       {"eq", "other", 1},
                                                       {"ne", "other", 1},
                                                       {"lt", "other", 1},
                                                       {"le", "other", 1},
                                                       {"gt", "other", 1},
                                                       {"ge", "other", 1},
                                                       {"in", "seq", 1},
                                                       {"", ""}};

enum class TemplateMethod : uint16_t {
  Strip,
  LStrip,
  RStrip,
  StartsWith,
  EndsWith,
  Split,
  RSplit,
  Replace,
  Upper,
  Lower,
  Capitalize,
  Title,
  Join,
  Find,
  Count,
  Items,
  Keys,
  Values,
  Get,
  Cycle,
  Count_
};
inline constexpr TemplateSignature kTemplateMethods[] = {{"strip", "chars"},
                                                         {"lstrip", "chars"},
                                                         {"rstrip", "chars"},
                                                         {"startswith", "prefix", 1},
                                                         {"endswith", "suffix", 1},
                                                         {"split", "sep,maxsplit"},
                                                         {"rsplit", "sep,maxsplit"},
                                                         {"replace", "old,new,count", 2},
                                                         {"upper", ""},
                                                         {"lower", ""},
                                                         {"capitalize", ""},
                                                         {"title", ""},
                                                         {"join", "iterable", 1},
                                                         {"find", "sub", 1},
                                                         {"count", "sub", 1},
                                                         {"items", ""},
                                                         {"keys", ""},
                                                         {"values", ""},
                                                         {"get", "key,default", 1},
                                                         {"cycle", "a,b,c,d,e,f,g,h", 1}};

enum class TemplateFunction : uint16_t { RaiseException, StrftimeNow, Range, Namespace, Count_ };
inline constexpr TemplateSignature kTemplateFunctions[] = {{"raise_exception", "message", 1},
                                                           {"strftime_now", "format", 1},
                                                           {"range", "start,stop,step", 1},
                                                           {"namespace", ""}};

/// How many parameters a signature names.
constexpr unsigned parameterCount(const TemplateSignature &signature) {
  unsigned count = signature.parameters.empty() ? 0 : 1;
  for (char character : signature.parameters)
    count += character == ',';
  return count;
}

/// Python's str.isspace for one code point; also what \s matches.
constexpr bool isTemplateSpace(uint32_t c) {
  return (c >= 0x09 && c <= 0x0d) || (c >= 0x1c && c <= 0x20) || c == 0x85 || c == 0xa0 ||
         c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
         c == 0x205f || c == 0x3000;
}

} // namespace phirt::abi
