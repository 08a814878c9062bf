// tokenize_lines TOKENIZER.json: for each line that is a JSON string, its ids; for each line that
// is an array of ids, its text, decoded at once and token by token. The table goes through memory
// as it does through a program.

#include "phidias/Import/Tokenizer/Tokenizer.h"
#include "phirt/Tokenizer.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

static int complain(llvm::StringRef message) {
  llvm::errs() << "tokenize_lines: " << message << '\n';
  return 1;
}

static llvm::json::Value encodeLine(const phirt::Tokenizer &tokenizer, llvm::StringRef text) {
  llvm::json::Array ids;
  for (int32_t id : tokenizer.encode(std::string_view(text)))
    ids.push_back(id);
  return ids;
}

static llvm::json::Value decodeLine(const phirt::Tokenizer &tokenizer,
                                    const llvm::json::Array &list) {
  std::vector<int32_t> ids;
  for (const llvm::json::Value &id : list)
    ids.push_back(id.getAsInteger().value_or(-1));
  std::string streamed, whole = tokenizer.decode(ids, false);
  phirt::StreamDecoder decoder(tokenizer, false);
  for (int32_t id : ids)
    streamed += decoder.push(id);
  streamed += decoder.finish();
  return llvm::json::Array{whole, streamed};
}

static int run(const phirt::Tokenizer &tokenizer, llvm::StringRef lines) {
  while (!lines.empty()) {
    auto [line, rest] = lines.split('\n');
    lines = rest;
    llvm::Expected<llvm::json::Value> value = llvm::json::parse(line);
    if (!value)
      return complain(llvm::toString(value.takeError()));
    if (std::optional<llvm::StringRef> text = value->getAsString())
      llvm::outs() << encodeLine(tokenizer, *text) << '\n';
    else if (const llvm::json::Array *ids = value->getAsArray())
      llvm::outs() << decodeLine(tokenizer, *ids) << '\n';
  }
  return 0;
}

int main(int argc, char **argv) {
  if (argc != 2)
    return complain("usage: tokenize_lines TOKENIZER.json < LINES");
  auto file = llvm::MemoryBuffer::getFile(argv[1]);
  auto input = llvm::MemoryBuffer::getSTDIN();
  if (!file || !input)
    return complain("cannot read");
  auto table = phidias::tokenizerFromJson((*file)->getBuffer(), 1 << 20);
  if (!table)
    return complain(llvm::toString(table.takeError()));
  auto tokenizer = phirt::Tokenizer::open({table->bytes.data(), table->bytes.size()});
  if (!tokenizer)
    return complain(tokenizer.error().message);
  return run(*tokenizer, (*input)->getBuffer());
}
