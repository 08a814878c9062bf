// Calls the functions of products.mlir with the least and the largest operands, and with arbitrary ones, and compares with
// sums of products taken one by one. Prints what differs; exit code 1 then.
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef void Function(const void *acc, const void *codes, const void *values, void *result);
#define DECLARE(name) Function name;
#define DOTS(lanes) DECLARE(dot##lanes##_u7) DECLARE(dot##lanes##_u8) DECLARE(dot##lanes##_s8)
DOTS(4) DOTS(8) DOTS(16)
DECLARE(matrix_u7) DECLARE(matrix_u8) DECLARE(matrix_s8)
DECLARE(bf16_4) DECLARE(bf16_8) DECLARE(bf16_16)
DECLARE(lookup16) DECLARE(lookup32) DECLARE(lookup64)
DECLARE(rescale16) DECLARE(rescale64)

static int failures;
static uint32_t state = 1;
static int arbitrary(void) { return (state = state * 1664525 + 1013904223) >> 24; } // 0 to 255

// Codes of `kind` 0: 0 to 127, 1: 0 to 255, 2: -128 to 127. `pattern` 0, 1: all least, all largest; else arbitrary.
static int codeOf(int kind, int pattern) {
  static const int least[] = {0, 0, -128}, largest[] = {127, 255, 127};
  if (pattern < 2)
    return pattern ? largest[kind] : least[kind];
  return kind == 0 ? arbitrary() & 127 : kind == 1 ? arbitrary() : arbitrary() - 128;
}

// -128 is no value where codes are signed: phi.dot says so.
static int valueOf(int kind, int pattern) {
  int least = kind == 2 ? -127 : -128;
  int value = pattern < 2 ? (pattern ? 127 : least) : pattern == 2 ? 0 : arbitrary() - 128;
  return value < least ? least : value;
}

static void compare(const char *name, int lane, int64_t got, int64_t expected) {
  if (got == expected)
    return;
  printf("%s, lane %d: got %lld, expected %lld\n", name, lane, (long long)got, (long long)expected);
  failures++;
}

struct Operands {
  _Alignas(64) int32_t acc[16], result[16];
  _Alignas(64) uint8_t codes[64];
  _Alignas(64) int8_t values[64];
};

static void fill(struct Operands *o, int kind, int codes, int values) {
  for (int i = 0; i < 64; i++) {
    o->codes[i] = codeOf(kind, codes);
    o->values[i] = valueOf(kind, values);
  }
  for (int i = 0; i < 16; i++)
    o->acc[i] = arbitrary() * 65536 - (100 << 16);
}

static int extended(const struct Operands *o, int kind, int i) { return kind == 2 ? (int8_t)o->codes[i] : o->codes[i]; }

static void checkDot(const char *name, Function *f, int kind, int lanes) {
  struct Operands o;
  for (int codes = 0; codes < 3; codes++)
    for (int values = 0; values < 8; values++) {
      fill(&o, kind, codes, values);
      f(o.acc, o.codes, o.values, o.result);
      for (int lane = 0; lane < lanes; lane++) {
        int32_t sum = o.acc[lane];
        for (int j = 4 * lane; j < 4 * lane + 4; j++)
          sum += extended(&o, kind, j) * o.values[j];
        compare(name, lane, o.result[lane], sum);
      }
    }
}

static void checkMatrix(const char *name, Function *f, int kind) {
  struct Operands o;
  for (int codes = 0; codes < 3; codes++)
    for (int values = 0; values < 8; values++) {
      fill(&o, kind, codes, values);
      f(o.acc, o.codes, o.values, o.result);
      for (int lane = 0; lane < 4; lane++) {
        int32_t sum = o.acc[lane];
        for (int k = 0; k < 8; k++)
          sum += extended(&o, kind, lane / 2 * 8 + k) * o.values[lane % 2 * 8 + k];
        compare(name, lane, o.result[lane], sum);
      }
    }
}

static uint16_t bf16(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits >> 16;
}

// Whole numbers, so that no sum is rounded in whatever order.
static void checkBf16(const char *name, Function *f, int lanes) {
  _Alignas(64) float acc[16], result[16];
  _Alignas(64) uint16_t codes[32], values[32];
  int x[32], y[32];
  for (int round = 0; round < 8; round++) {
    for (int i = 0; i < 32; i++) {
      codes[i] = bf16(x[i] = arbitrary() - 128);
      values[i] = bf16(y[i] = arbitrary() - 128);
    }
    for (int i = 0; i < 16; i++)
      acc[i] = 100 * i - 500;
    f(acc, codes, values, result);
    for (int lane = 0; lane < lanes; lane++)
      compare(name, lane, result[lane], 100 * lane - 500 + x[2 * lane] * y[2 * lane] + x[2 * lane + 1] * y[2 * lane + 1]);
  }
}

// Every code with every factor.
static void checkRescale(const char *name, Function *f, int count) {
  _Alignas(64) int8_t codes[64], factors[64], result[64];
  for (int first = 0; first < 255 * 255; first += count) {
    for (int i = 0; i < count; i++) {
      int pair = (first + i) % (255 * 255);
      codes[i] = pair / 255 - 127;
      factors[i] = pair % 255 - 127;
    }
    f(0, codes, factors, result);
    for (int i = 0; i < count; i++)
      compare(name, i, result[i], (codes[i] * factors[i] + 64) >> 7);
  }
}

static void checkLookup(const char *name, Function *f, int count) {
  static const int8_t table[16] = {-128, -7, 2, 3, 40, 5, 6, 7, 8, 9, 10, 11, 12, -13, 14, 127};
  _Alignas(64) uint8_t codes[64];
  _Alignas(64) int8_t result[64];
  for (int i = 0; i < 64; i++)
    codes[i] = i < 16 ? i : arbitrary() & 15;
  f(0, codes, 0, result);
  for (int i = 0; i < count; i++)
    compare(name, i, result[i], table[codes[i]]);
}

#define CHECK_DOTS(lanes) \
  checkDot("dot" #lanes "_u7", dot##lanes##_u7, 0, lanes); \
  checkDot("dot" #lanes "_u8", dot##lanes##_u8, 1, lanes); \
  checkDot("dot" #lanes "_s8", dot##lanes##_s8, 2, lanes);

int main(void) {
  CHECK_DOTS(4) CHECK_DOTS(8) CHECK_DOTS(16)
  checkMatrix("matrix_u7", matrix_u7, 0);
  checkMatrix("matrix_u8", matrix_u8, 1);
  checkMatrix("matrix_s8", matrix_s8, 2);
  checkBf16("bf16_4", bf16_4, 4);
  checkBf16("bf16_8", bf16_8, 8);
  checkBf16("bf16_16", bf16_16, 16);
  checkLookup("lookup16", lookup16, 16);
  checkLookup("lookup32", lookup32, 32);
  checkLookup("lookup64", lookup64, 64);
  checkRescale("rescale16", rescale16, 16);
  checkRescale("rescale64", rescale64, 64);
  return failures != 0;
}
