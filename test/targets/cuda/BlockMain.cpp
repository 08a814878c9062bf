// Runs functions of tile ops as kernels of the simulator, one block each: tile_remote.c's protocol,
// to which a program adds `block_module`, what it is made of.
//   guard OFFSET         nobody may touch that page
//   call INDEX WORD ...  a word is a number, or with an m before it a place in the memory; "done"
//   answers
#include "phirt/abi/Sim.h"
#include "threads/Barrier.h"
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>

namespace {

using Word = uint64_t;
#define WORDS8 Word, Word, Word, Word, Word, Word, Word, Word
#define AT8(w, i) w[i], w[i + 1], w[i + 2], w[i + 3], w[i + 4], w[i + 5], w[i + 6], w[i + 7]
// Every argument is a register or eight bytes of the stack: more of them than a function takes do
// no harm.
using Function = void(WORDS8, WORDS8, WORDS8, WORDS8, WORDS8);

constexpr int kMostWords = 40;
constexpr size_t kPage = 4096;
Word words[kMostWords];
Function *function;
std::byte *memory;

void runKernel(const phirt::abi::ForwardArgs *) {
  function(AT8(words, 0), AT8(words, 8), AT8(words, 16), AT8(words, 24), AT8(words, 32));
}

} // namespace

extern "C" {
/// What the test writes for its module; see block_program.py.
extern struct {
  Function *const *functions;
  const char *sites;
  const void *const *constants;
  const int64_t *constantBytes;
  int64_t constantCount, sharedBytes;
} block_module;
/// The simulator asks it how large what a kernel is given is: all of the memory is its cache.
phirt::abi::Model blockModel;
extern const phirt::abi::Model phirt_model __attribute__((alias("blockModel")));
}

namespace {

void launch() {
  phirt::Barrier barrier(1, false);
  phirt::abi::SimKernel kernel{"test",
                               runKernel,
                               block_module.sites,
                               256,
                               block_module.sharedBytes,
                               0,
                               block_module.constants,
                               block_module.constantBytes,
                               block_module.constantCount,
                               nullptr,
                               0};
  phirt::abi::ForwardArgs args{};
  args.weights = args.cache = args.arena = memory;
  args.capacity = args.threads = args.pieces = 1;
  args.barrier = &barrier;
  phisim_launch(&args, &kernel);
}

void call() {
  function = block_module.functions[strtoul(strtok(nullptr, " "), nullptr, 10)];
  for (Word &word : words) {
    const char *text = strtok(nullptr, " ");
    if (!text)
      break;
    bool isPlace = *text == 'm';
    word = strtoull(text + isPlace, nullptr, 10) + (isPlace ? Word(memory) : 0);
  }
  launch();
  puts("done");
  fflush(stdout);
}

} // namespace

int main(int, char **arguments) {
  size_t size = strtoull(arguments[2], nullptr, 10);
  void *start = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, atoi(arguments[1]), 0);
  if (start == MAP_FAILED)
    return perror("mmap"), 1;
  memory = static_cast<std::byte *>(start);
  blockModel.weightsBytes = sizeof(phirt::abi::WeightsHeader);
  blockModel.cacheBytesPerPosition = size;
  static char line[4096];
  while (fgets(line, sizeof line, stdin)) {
    line[strcspn(line, "\n")] = 0;
    if (!strcmp(strtok(line, " "), "call"))
      call();
    else if (mprotect(memory + strtoull(strtok(nullptr, " "), nullptr, 10), kPage, PROT_NONE))
      return perror("mprotect"), 1;
  }
}
