// Holds that what cannot be evaluated faithfully is refused while compiling, by line and name.
#include "phidias/Import/Template/ChatTemplate.h"
#include <gtest/gtest.h>

static std::string refusal(llvm::StringRef source) {
  llvm::Expected<std::vector<uint8_t>> blob = phidias::compileChatTemplate(source, "t.jinja", {});
  return blob ? "compiles" : llvm::toString(blob.takeError());
}

TEST(ChatTemplateRefused, byLineAndName) {
  std::pair<const char *, const char *> cases[] = {
      {"\n{% macro f() %}{% endmacro %}", "t.jinja:2: block 'macro' is not supported"},
      {"{% include 'x' %}", "t.jinja:1: block 'include' is not supported"},
      {"{% raw %}{% endraw %}", "t.jinja:1: block 'raw' is not supported"},
      {"a\r\nb\r\n{{ 1 | wordwrap }}", "t.jinja:3: filter 'wordwrap' is not supported"},
      {"{{ x is callable }}", "t.jinja:1: test 'callable' is not supported"},
      {"{{ x.format(1) }}", "t.jinja:1: method 'format' is not supported"},
      {"{{ dict(a=1) }}", "t.jinja:1: 'dict' is not supported"},
      {"{{ f(1) }}", "t.jinja:1: calling 'f' is not supported"},
      {"{{ 1 / 2 }}", "t.jinja:1: operator '/' is not supported"},
      {"{{ 2 ** 3 }}", "t.jinja:1: operator '**' is not supported"},
      {"{{ 1.5 }}", "t.jinja:1: number 1 is not supported, only decimal integers are"},
      {"{{ 1 < 2 < 3 }}", "t.jinja:1: a chain of comparisons is not supported"},
      {"{{ '\\N{DASH}' }}", "t.jinja:1: escape \\N is not supported in a string"},
      {"{% set a, b = 1, 2 %}", "t.jinja:1: set of several names is not supported"},
      {"{% set loop = 1 %}", "t.jinja:1: assigning to 'loop' is not supported"},
      {"{% for a in b recursive %}{% endfor %}", "t.jinja:1: recursive loops are not supported"},
      {"{% set ns = namespace(_a=1) %}",
       "t.jinja:1: namespace with this argument is not supported"},
      {"{{ 'a' | trim(1, 2) }}", "t.jinja:1: 'trim' does not take so many arguments"},
      {"{{ 'a' | default(x=1) }}", "t.jinja:1: 'default' does not take argument 'x'"},
      {"{{ 'a'.replace('b') }}", "t.jinja:1: 'replace' needs more arguments"}};
  for (auto [source, expected] : cases)
    EXPECT_EQ(expected, refusal(source)) << source;
}

TEST(ChatTemplateRefused, badSyntax) {
  for (const char *source : {"{{",
                             "{{ }}",
                             "{{ 1",
                             "{%",
                             "{% if %}",
                             "{% if 1 %}",
                             "{% endif %}",
                             "{% else %}",
                             "{# x",
                             "{{ 'a }}",
                             "{{ (1 }}",
                             "{{ 1) }}",
                             "{{ [1 2] }}",
                             "{% for x %}{% endfor %}",
                             "{% for in y %}{% endfor %}",
                             "{% set = 1 %}",
                             "{% break %}",
                             "{{ a b }}",
                             "{{ a | }}",
                             "{{ a is }}",
                             "{{ a. }}",
                             "{{ a[ ] }}",
                             "{{ a[1:2:3:4] }}",
                             "{{ {1} }}",
                             "{{ ! }}",
                             "{{ a[1,2] }}",
                             "{% if 1 %}{% endfor %}",
                             "{% set x %}",
                             "{{ 99999999999999999999 }}",
                             "{{ f(*a) }}",
                             "{% %}",
                             "{{ '\\ud800' }}",
                             "{% if 1 %}{% else %}{% else %}{% endif %}"})
    EXPECT_NE("compiles", refusal(source)) << source;
  EXPECT_NE("compiles", refusal("\xff"));
}

TEST(ChatTemplateRefused, nesting) {
  auto repeat = [](std::string part, int count) {
    std::string text;
    for (int i = 0; i < count; ++i)
      text += part;
    return text;
  };
  for (std::string part : {"(", "[", "-", "not ", "{'a':", "x[", "x|default(", "1 if 1 else ",
                           "x.y(", "[1][", "''.strip("})
    EXPECT_NE("compiles", refusal("{{ " + repeat(part, 100000))) << part;
  EXPECT_NE("compiles", refusal(repeat("{% if 1 %}", 10000)));
  EXPECT_NE("compiles", refusal("{% if 1 %}" + repeat("{% elif 1 %}", 10000) + "{% endif %}"));
  EXPECT_NE("compiles", refusal("{{ 1" + repeat("+1", 10000) + " }}"));
  EXPECT_NE("compiles", refusal("{{ 1" + repeat("|string", 10000) + " }}"));
  EXPECT_NE("compiles", refusal("{{ a" + repeat(".b", 10000) + " }}"));
  EXPECT_NE("compiles", refusal(repeat(" ", (1 << 20) + 1)));
  EXPECT_EQ("compiles", refusal("{{ 1" + repeat("+1", 100) + " }}" + repeat("{% if 1 %}", 50) +
                                repeat("{% endif %}", 50)));
}
