// usage: tokenize_table TABLE [--decode]: what a program with this table of tokens says to
// `tokenize --lines`, with the runtime alone.
#include "support/Mapping.h"
#include "verbs/Verbs.h"
#include <cstdio>
#include <cstring>

int main(int argc, char **argv) {
  if (argc < 2)
    return 2;
  auto table = phirt::Mapping::readFile(argv[1]);
  if (!table)
    return fprintf(stderr, "%s\n", table.error().message.c_str()), 1;
  phirt::abi::Model model = {};
  model.tokenizer = {table->data(), table->size()};
  phirt::Options options;
  options.lines = true;
  options.isDecode = argc > 2 && strcmp(argv[2], "--decode") == 0;
  phirt::Status status = phirt::runTokenize(model, options);
  return status ? 0 : (fprintf(stderr, "%s\n", status.error().message.c_str()), 1);
}
