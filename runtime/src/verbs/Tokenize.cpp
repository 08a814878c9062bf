#include "args/Numbers.h"
#include "support/Input.h"
#include "support/Json.h"
#include "support/Output.h"
#include "verbs/Prompt.h"
#include "verbs/Verbs.h"

namespace phirt {
namespace {

Result<std::string> decodeIds(const Tokenizer &tokenizer, Result<std::vector<int32_t>> ids) {
  if (!ids)
    return std::unexpected(ids.error());
  for (int32_t id : *ids)
    if (id < 0 || id >= tokenizer.vocabSize())
      return error("token " + std::to_string(id) + " is not in the tokenizer's vocabulary of " +
                   std::to_string(tokenizer.vocabSize()));
  return tokenizer.decode(*ids, false);
}

std::string encodeText(const Tokenizer &tokenizer, std::string_view text) {
  return toJson(std::span<const int32_t>(tokenizer.encode(text)));
}

/// One line of --lines: JSON to JSON.
Result<std::string> convertLine(const Tokenizer &tokenizer, const std::string &line,
                                bool isDecode) {
  if (isDecode) {
    Result<std::string> text = decodeIds(tokenizer, parseJsonIds(line));
    return text ? Result<std::string>(toJson(std::string_view(*text))) : text;
  }
  Result<std::string> text = parseJsonString(line);
  return text ? Result<std::string>(encodeText(tokenizer, *text)) : text;
}

Status convertLines(const Tokenizer &tokenizer, bool isDecode) {
  LineReader lines;
  std::string line;
  for (int64_t number = 1;; ++number) {
    Result<LineReader::Event> event = lines.next(line);
    if (!event)
      return std::unexpected(event.error());
    if (*event == LineReader::Event::End)
      return {};
    Result<std::string> converted = convertLine(tokenizer, line, isDecode);
    if (!converted)
      return error("standard input, line " + std::to_string(number) + ": " +
                   converted.error().message);
    if (Status status = writeOut(*converted + "\n"); !status)
      return status;
  }
}

} // namespace

Status runTokenize(const abi::Model &model, const Options &options) {
  Result<Tokenizer> tokenizer = openTokenizer(model);
  if (!tokenizer)
    return std::unexpected(tokenizer.error());
  if (options.lines)
    return convertLines(*tokenizer, options.isDecode);
  const std::string &word = options.words.front();
  if (!options.isDecode)
    return writeOut(encodeText(*tokenizer, word) + "\n");
  Result<std::string> text = decodeIds(*tokenizer, parseTokens("--decode", word));
  return text ? writeOut(*text + "\n") : Status(std::unexpected(text.error()));
}

} // namespace phirt
