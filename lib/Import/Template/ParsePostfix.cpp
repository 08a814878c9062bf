// What follows a value: attributes, subscripts, calls, filters and tests.
#include "Parser.h"

using namespace llvm;
using namespace phirt::abi;

namespace phidias::jinja {

NodeId Parser::parsePostfix(NodeId value) {
  while (isOp(".") || isOp("[") || isOp("(")) {
    if (takeOp("."))
      value = parseAttribute(value);
    else if (takeOp("["))
      value = parseSubscript(value);
    else
      value = parseCall(value);
  }
  return value;
}

NodeId Parser::parseFilterExpression(NodeId value) {
  while (isOp("|") || isName("is") || isOp("(")) {
    if (takeOp("|"))
      value = parseFilter(value);
    else if (takeName("is"))
      value = parseTest(value);
    else
      value = parseCall(value);
  }
  return value;
}

/// After the dot: a name, or an integer as in `messages.0`.
NodeId Parser::parseAttribute(NodeId value) {
  unsigned line = now().line;
  if (now().kind == TokenKind::Integer)
    return b.add(Op::Item, line, {value, parsePrimary()});
  return b.addText(Op::Attr, line, expectName(), value);
}

NodeId Parser::parseSubscript(NodeId value) {
  unsigned line = now().line;
  Ids parts = {value};
  bool slice = false;
  do {
    bool empty = isOp(":") || isOp("]");
    parts.push_back(empty ? absent() : parseExpression());
    slice |= isOp(":");
  } while (takeOp(":") && !ended());
  expectOp("]");
  if (!slice && parts.size() == 2 && Op(b[parts[1]].op) != Op::Absent)
    return b.add(Op::Item, line, parts);
  if (parts.size() > 4 || !slice)
    return fail("this subscript is not supported");
  while (parts.size() < 4)
    parts.push_back(absent());
  return b.add(Op::Slice, line, parts);
}

Parser::Arguments Parser::parseArguments() {
  Arguments arguments;
  expectOp("(");
  while (!isOp(")") && !ended()) {
    if (isOp("*") || isOp("**"))
      fail("unpacked arguments are not supported");
    bool named = now().kind == TokenKind::Name && tokens[at + 1].text == "=" &&
                 tokens[at + 1].kind == TokenKind::Operator;
    arguments.names.push_back(named ? expectName() : "");
    if (named)
      advance();
    arguments.values.push_back(parseExpression());
    if (!isOp(")"))
      expectOp(",");
  }
  expectOp(")");
  return arguments;
}

/// The arguments in the order of the signature's parameters, Absent where one is not given.
Parser::Ids Parser::bind(const TemplateSignature &signature, Arguments &arguments) {
  SmallVector<StringRef> parameters;
  StringRef(signature.parameters).split(parameters, ',', -1, false);
  Ids bound(parameters.size(), absent());
  unsigned next = 0, given = 0;
  for (auto [name, value] : zip_equal(arguments.names, arguments.values)) {
    unsigned index = name.empty() ? next++ : find(parameters, name) - parameters.begin();
    if (index >= parameters.size() || Op(b[bound[index]].op) != Op::Absent)
      return fail("'" + Twine(signature.name) + "' does not take " +
                  (name.empty() ? "so many arguments" : "argument '" + name + "'")),
             bound;
    bound[index] = value;
    given += index < signature.required;
  }
  if (given < signature.required)
    fail("'" + Twine(signature.name) + "' needs more arguments");
  return bound;
}

NodeId Parser::parseCall(NodeId callee) {
  unsigned line = now().line;
  Arguments arguments = parseArguments();
  if (Op(b[callee].op) == Op::Attr) {
    std::string name = b.text(callee).str();
    int method = findSignature(kTemplateMethods, name);
    if (method < 0)
      return fail("method '" + Twine(name) + "' is not supported");
    Ids children = {b.child(callee, 0)};
    children.append(bind(kTemplateMethods[method], arguments));
    return b.add(Op::Method, line, children, method);
  }
  if (Op(b[callee].op) != Op::Function)
    return fail("calling " +
                (Op(b[callee].op) == Op::Name ? "'" + b.text(callee).str() + "'" : "this value") +
                " is not supported");
  unsigned function = b[callee].detail;
  if (TemplateFunction(function) != TemplateFunction::Namespace)
    return b.add(Op::Call, line, bind(kTemplateFunctions[function], arguments), function);
  Ids keywords;
  for (auto [name, value] : zip_equal(arguments.names, arguments.values)) {
    if (name.empty() || name[0] == '_')
      return fail("namespace with this argument is not supported");
    keywords.push_back(b.addText(Op::Keyword, line, name, value));
  }
  return b.add(Op::Namespace, line, keywords);
}

NodeId Parser::parseFilter(NodeId value) {
  unsigned line = now().line;
  std::string name = expectName();
  Arguments arguments;
  if (isOp("("))
    arguments = parseArguments();
  if (name == "selectattr" || name == "rejectattr")
    return parseSelect(value, arguments, name == "selectattr");
  name = name == "count" ? "length" : name == "d" ? "default" : name;
  int filter = findSignature(kTemplateFilters, name);
  if (filter < 0)
    return fail("filter '" + Twine(name) + "' is not supported");
  Ids children = {value};
  children.append(bind(kTemplateFilters[filter], arguments));
  return b.add(Op::Filter, line, children, filter);
}

/// Jinja's other names of tests, mapped to ours.
static StringRef canonicalTest(StringRef name) {
  static constexpr std::pair<StringLiteral, StringLiteral> kOthers[] = {
      {"equalto", "eq"}, {"==", "eq"}, {"!=", "ne"}, {"<", "lt"},          {"lessthan", "lt"},
      {"<=", "le"},      {">", "gt"},  {">=", "ge"}, {"greaterthan", "gt"}};
  for (auto [other, ours] : kOthers)
    if (name == other)
      return ours;
  return name;
}

/// selectattr(name), selectattr(name, test), selectattr(name, test, argument).
NodeId Parser::parseSelect(NodeId value, Arguments &arguments, bool select) {
  unsigned line = now().line, count = arguments.values.size();
  bool named = any_of(arguments.names, [](const std::string &name) { return !name.empty(); });
  for (NodeId id : ArrayRef(arguments.values).take_front(2))
    named |= Op(b[id].op) != Op::Str;
  if (named || count < 1 || count > 3 || b.text(arguments.values[0]).contains('.'))
    return fail("selectattr or rejectattr with these arguments is not supported");
  int test = static_cast<int>(TemplateTest::Truth);
  if (count > 1)
    test = findSignature(kTemplateTests, canonicalTest(b.text(arguments.values[1])));
  if (test < 0)
    return fail("test '" + b.text(arguments.values[1]) + "' is not supported");
  if (kTemplateTests[test].required != (count == 3))
    return fail("test '" + Twine(kTemplateTests[test].name) +
                "' takes another number of arguments");
  NodeId argument = count == 3 ? arguments.values[2] : absent();
  return b.add(Op::SelectAttr, line, {value, arguments.values[0], argument}, test, select);
}

/// After `is`; an argument may stand without parentheses.
NodeId Parser::parseTest(NodeId value) {
  unsigned line = now().line;
  bool negated = takeName("not");
  std::string name = expectName();
  int test = findSignature(kTemplateTests, canonicalTest(name));
  if (test < 0 || name.empty())
    return fail("test '" + Twine(name) + "' is not supported");
  Arguments arguments;
  bool startsValue = isOp("[") || isOp("{") || now().kind == TokenKind::String ||
                     now().kind == TokenKind::Integer || now().kind == TokenKind::Name;
  if (isOp("(")) {
    arguments = parseArguments();
  } else if (startsValue && !isName("else") && !isName("or") && !isName("and")) {
    arguments.values.push_back(parsePostfix(parsePrimary()));
    arguments.names.push_back("");
  }
  Ids children = {value};
  children.append(bind(kTemplateTests[test], arguments));
  if (children.size() == 1)
    children.push_back(absent());
  NodeId result = b.add(Op::Test, line, children, test);
  return negated ? b.add(Op::Not, line, result) : result;
}

} // namespace phidias::jinja
