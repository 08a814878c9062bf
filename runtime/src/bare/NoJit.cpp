// PCRE2's matcher asks whether a pattern has machine code before it interprets it, and frees it
// with the pattern. None ever has: with these in its place the compiler of it stays out of
// programs.
#include <cstddef>
#include <cstdint>

extern "C" {
int pcre2_jit_match_8(const void *, const unsigned char *, size_t, size_t, uint32_t, void *,
                      void *) {
  return -45; // PCRE2_ERROR_JIT_BADOPTION
}
int _pcre2_jit_check_exec_8() { return 0; }
size_t _pcre2_jit_get_size_8(void *) { return 0; }
const char *_pcre2_jit_get_target_8() { return "none"; }
void _pcre2_jit_free_8(void *, void *) {}
void _pcre2_jit_free_rodata_8(void *, void *) {}
}
