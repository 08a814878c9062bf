#include "sim/Switch.h"
#include <cstdint>
#include <cstring>

// Boost.Context would need its own build for each architecture, for these lines.
#if defined(__x86_64__)
[[gnu::naked]] void phisim_switch(void **, void *) {
  asm("push %rbp\n push %rbx\n push %r12\n push %r13\n push %r14\n push %r15\n"
      "mov %rsp, (%rdi)\n"
      "mov %rsi, %rsp\n"
      "pop %r15\n pop %r14\n pop %r13\n pop %r12\n pop %rbx\n pop %rbp\n"
      "ret");
}
static constexpr size_t kSaved = 6, kReturn = 6; // words; the place of the return address
#elif defined(__aarch64__)
[[gnu::naked]] void phisim_switch(void **, void *) {
  asm("sub sp, sp, #160\n"
      "stp x19, x20, [sp]\n stp x21, x22, [sp, #16]\n stp x23, x24, [sp, #32]\n"
      "stp x25, x26, [sp, #48]\n stp x27, x28, [sp, #64]\n stp x29, x30, [sp, #80]\n"
      "stp d8, d9, [sp, #96]\n stp d10, d11, [sp, #112]\n"
      "stp d12, d13, [sp, #128]\n stp d14, d15, [sp, #144]\n"
      "mov x9, sp\n str x9, [x0]\n"
      "mov sp, x1\n"
      "ldp x19, x20, [sp]\n ldp x21, x22, [sp, #16]\n ldp x23, x24, [sp, #32]\n"
      "ldp x25, x26, [sp, #48]\n ldp x27, x28, [sp, #64]\n ldp x29, x30, [sp, #80]\n"
      "ldp d8, d9, [sp, #96]\n ldp d10, d11, [sp, #112]\n"
      "ldp d12, d13, [sp, #128]\n ldp d14, d15, [sp, #144]\n"
      "add sp, sp, #160\n"
      "ret");
}
static constexpr size_t kSaved = 20, kReturn = 11;
#endif

namespace phirt::sim {

void *makeStack(std::byte *top, void (*entry)()) {
  // Two words above what is saved: on x86 the return address, and then a function begins 8 bytes
  // below a multiple of 16, as if it had been called.
  auto address = (reinterpret_cast<uintptr_t>(top) & ~uintptr_t(15)) - (kSaved + 2) * 8;
  auto *words = reinterpret_cast<uintptr_t *>(address);
  memset(words, 0, (kSaved + 2) * 8);
  words[kReturn] = reinterpret_cast<uintptr_t>(entry);
  return words;
}

} // namespace phirt::sim
