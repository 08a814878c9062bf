// Runs a tile op's functions in a process of their own, which may be an emulator's. Arguments: descriptor and size of the file
// that is memory here and in the test. Standard input, a line each:
//   guard OFFSET         nobody may touch that page
//   call INDEX WORD ...  a word is a number, or with an m before it a place in the memory; "done" answers
// FUNCTIONS is F(name) F(name) ..., by their index.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { maxWords = 40, page = 4096 };
#define WORDS8 uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t
#define AT8(w, i) w[i], w[i + 1], w[i + 2], w[i + 3], w[i + 4], w[i + 5], w[i + 6], w[i + 7]
// By AAPCS64 every argument is a register or eight bytes of the stack: more of them than it takes do no harm.
typedef void Function(WORDS8, WORDS8, WORDS8, WORDS8, WORDS8);

#define F(name) Function name;
FUNCTIONS
#undef F
#define F(name) name,
static Function *const functions[] = {FUNCTIONS};

static char *map(int descriptor, size_t size) {
  char *memory = mmap(0, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  if (memory == MAP_FAILED) {
    perror("mmap");
    exit(1);
  }
  return memory;
}

static void call(char *memory) {
  uint64_t words[maxWords] = {0};
  Function *function = functions[strtoul(strtok(0, " "), 0, 10)];
  for (int i = 0; i < maxWords; ++i) {
    const char *word = strtok(0, " ");
    if (!word)
      break;
    words[i] = *word == 'm' ? (uint64_t)memory + strtoull(word + 1, 0, 10) : strtoull(word, 0, 10);
  }
  function(AT8(words, 0), AT8(words, 8), AT8(words, 16), AT8(words, 24), AT8(words, 32));
  puts("done");
  fflush(stdout);
}

int main(int count, char **arguments) {
  (void)count;
  char *memory = map(atoi(arguments[1]), strtoull(arguments[2], 0, 10));
  static char line[4096];
  while (fgets(line, sizeof line, stdin)) {
    line[strcspn(line, "\n")] = 0;
    if (!strcmp(strtok(line, " "), "call"))
      call(memory);
    else if (mprotect(memory + strtoull(strtok(0, " "), 0, 10), page, PROT_NONE)) {
      perror("mprotect");
      return 1;
    }
  }
  return 0;
}
