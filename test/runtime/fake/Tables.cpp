// usage: fake-tables TOKENIZER.json TEMPLATE.jinja VOCAB FOLDER: writes FOLDER/tokenizer.bin and
// FOLDER/template.bin, the tables that the toy model carries.
#include "phidias/Import/Template/ChatTemplate.h"
#include "phidias/Import/Tokenizer/Tokenizer.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

static std::string readFile(StringRef path) {
  return std::string(cantFail(errorOrToExpected(MemoryBuffer::getFile(path)))->getBuffer());
}

static void writeFile(const Twine &path, ArrayRef<uint8_t> bytes) {
  std::error_code failure;
  raw_fd_ostream file(path.str(), failure);
  file << toStringRef(bytes);
}

int main(int argc, char **argv) {
  if (argc != 5)
    return 2;
  auto tokenizer = cantFail(phidias::tokenizerFromJson(readFile(argv[1]), atoi(argv[3])));
  auto chatTemplate = cantFail(phidias::compileChatTemplate(readFile(argv[2]), argv[2], {}));
  writeFile(Twine(argv[4]) + "/tokenizer.bin", tokenizer.bytes);
  writeFile(Twine(argv[4]) + "/template.bin", chatTemplate);
  return 0;
}
