// Where programs with shared libraries begin, and what they would otherwise need a newer C library
// for than that of version 2.17. Its own start-up file asks for __libc_start_main of version 2.34,
// and leaves constructors to it, which older ones do not run: as start-up files did until then,
// this one brings a function that runs them.

#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

using Constructor = void(int, char **, char **);

extern "C" {
__attribute__((visibility("hidden"))) extern Constructor *__init_array_start[], *__init_array_end[];

/// Names this program to __cxa_atexit.
void *__dso_handle = nullptr;
/// Whether the C++ library may do without atomics; the C library's own is of version 2.32.
char __libc_single_threaded = 0;

/// Functions since version 2.33 only; the system's struct is the same.
int fstat(int file, struct stat *info) noexcept {
  return static_cast<int>(syscall(SYS_fstat, file, info));
}
int stat(const char *path, struct stat *info) noexcept {
  return static_cast<int>(syscall(SYS_stat, path, info));
}
/// Where an unwinder would look first, since 2.35: finds nothing, as there is nothing to unwind.
int _dl_find_object(void *, void *) { return -1; }

void phirt_construct(int argc, char **argv, char **environment) {
  for (Constructor **next = __init_array_start; next != __init_array_end; ++next)
    (*next)(argc, argv, environment);
}
}

// At the start rdx holds what the loader wants called at the end, and the stack argc, argv and the
// environment: System V ABI, "Process Initialization".
asm(R"(
  .text
  .globl _start
  .type _start, @function
_start:
  xor %ebp, %ebp
  mov %rdx, %r9
  pop %rsi
  mov %rsp, %rdx
  and $-16, %rsp
  push %rax
  push %rsp
  xor %r8d, %r8d
  mov $phirt_construct, %rcx
  mov $main, %rdi
  call __libc_start_main
  hlt
  .size _start, . - _start
)");
