#include "phidias/Import/Template/ChatTemplate.h"
#include "Parser.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/JSON.h"

using namespace llvm;

namespace phidias {

using namespace jinja;

/// Longest source; the longest published one has some 30 KB.
static constexpr size_t kMaxSource = 1 << 20;

/// `set name = text` for each global, in the order of names, so that equal input gives equal bytes.
static SmallVector<NodeId> addGlobals(Builder &builder, const TemplateGlobals &globals) {
  SmallVector<StringRef> names(globals.keys());
  llvm::sort(names);
  SmallVector<NodeId> sets;
  for (StringRef name : names) {
    NodeId value = builder.addText(Op::Str, 1, globals.find(name)->second);
    sets.push_back(builder.addText(Op::Set, 1, name, value));
  }
  return sets;
}

Expected<std::vector<uint8_t>> compileChatTemplate(StringRef source, StringRef path,
                                                   const TemplateGlobals &globals) {
  if (source.size() > kMaxSource)
    return templateError(path, 1,
                         "chat template has " + Twine(source.size()) + " bytes, expected at most " +
                             Twine(kMaxSource));
  if (!json::isUTF8(source))
    return templateError(path, 1, "chat template is not UTF-8");
  Expected<std::vector<Token>> tokens = tokenize(source, path);
  if (!tokens)
    return tokens.takeError();
  Builder builder;
  SmallVector<NodeId> sets = addGlobals(builder, globals);
  Parser parser(std::move(*tokens), builder);
  parser.parseTemplate(std::move(sets));
  if (!parser.failure.empty())
    return templateError(path, parser.failureLine, parser.failure);
  if (builder.tooDeep())
    return templateError(path, 1, "chat template is nested too deeply");
  return builder.bytes();
}

} // namespace phidias
