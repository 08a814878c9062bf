// wgmma against plain matrix products. Where an element lies in shared memory is written as the PTX
// ISA draws it ("Shared Memory Matrix Layout": atoms of 8 rows, 16-byte pieces of a row exchanged),
// and in registers as in "Register Fragments".

#include "Kernel.h"
#include <bit>
#include <cstring>
#include <gtest/gtest.h>

using namespace simtest;
using phirt::abi::ForwardArgs;
using namespace phirt::abi;

namespace {

constexpr int kN = 24, kK = 64; ///< columns of both; a product has 16 or 32 of them
constexpr int64_t kAtA = 16384, kShared = 65536;

// Small integers: exact in every type, whatever the order of the sums.
int valueA(int row, int k) { return (row * 7 + k * 5) % 13 - 6; }
int valueB(int n, int k) { return (k * 3 + n * 11) % 9 - 4; }
uint32_t bf16(int value) { return std::bit_cast<uint32_t>(static_cast<float>(value)) >> 16; }
uint32_t f16(int value) { return std::bit_cast<uint16_t>(static_cast<_Float16>(value)); }

/// Of K-major matrices; `code` as in the descriptor.
struct Layout {
  int code, leading, stride;
  int (*byte)(int row, int k);
};
int plain(int row, int k) {
  return row / 8 * 128 + k / 8 * 2048 + row % 8 * 16 + k % 8 * 2; // core matrices of 128 bytes
}
int swizzled128(int row, int k) {
  return row / 8 * 1024 + row % 8 * 128 + (k / 8 ^ row % 8) * 16 + k % 8 * 2;
}
int swizzled64(int row, int k) {
  return k / 32 * 8192 + row / 8 * 512 + row % 8 * 64 + (k % 32 / 8 ^ row % 8 / 2) * 16 + k % 8 * 2;
}
int swizzled32(int row, int k) {
  return k / 16 * 4096 + row / 8 * 256 + row % 8 * 32 + (k % 16 / 8 ^ row % 8 / 4) * 16 + k % 8 * 2;
}
const Layout kLayouts[] = {{0, 2048, 128, plain},
                           {1, 16, 1024, swizzled128},
                           {2, 16, 512, swizzled64},
                           {3, 16, 256, swizzled32}};

int64_t descriptor(int64_t start, const Layout &layout) {
  auto address = reinterpret_cast<int64_t>(shared(start));
  return ((address & 0x3ffff) >> 4) | static_cast<int64_t>(layout.leading >> 4) << 16 |
         static_cast<int64_t>(layout.stride >> 4) << 32 |
         static_cast<int64_t>(static_cast<uint64_t>(layout.code) << 62);
}

/// Where the product's columns from k on start.
int64_t startOf(const Layout &layout, int k) { return layout.byte(0, k); }

void put16(int64_t at, uint32_t bits) {
  phisim_access(shared(at), 2, 2, kSimWrite, 0);
  auto half = static_cast<uint16_t>(bits);
  memcpy(shared(at), &half, 2);
}

template <class Convert> void fill(const Layout &layout, Convert convert) {
  for (int64_t i = thread(); i < kN * kK; i += 128)
    put16(layout.byte(i / kK, i % kK), convert(valueB(i / kK, i % kK)));
  for (int64_t i = thread(); i < 64 * kK; i += 128)
    put16(kAtA + layout.byte(i / kK, i % kK), convert(valueA(i / kK, i % kK)));
  phisim_fence_async();
  phisim_barrier(1);
}

/// Row and column of the i-th register of D of a thread.
std::pair<int, int> placeOfD(int thread, int i) {
  int row = 16 * (thread / 32) + thread % 32 / 4 + (i % 4 < 2 ? 0 : 8);
  return {row, 8 * (i / 4) + thread % 4 * 2 + (i & 1)};
}

/// `inner` columns from `first` on, of A times B, plus 1 for each earlier one.
template <class Number>
void expectProduct(const std::vector<int32_t> &result, int first, int inner) {
  for (int t = 0; t < 128; ++t)
    for (int i = 0; i < kN / 2; ++i) {
      auto [row, column] = placeOfD(t, i);
      int sum = 100 * row + column;
      for (int k = first; k < first + inner; ++k)
        sum += valueA(row, k) * valueB(column, k);
      ASSERT_EQ(std::bit_cast<Number>(result[t * kN / 2 + i]), static_cast<Number>(sum))
          << "thread " << t << ", register " << i;
    }
}

void start(int32_t *d, int32_t (*convert)(int)) {
  for (int i = 0; i < kN / 2; ++i) {
    auto [row, column] = placeOfD(static_cast<int>(thread()), i);
    d[i] = convert(100 * row + column);
  }
}
int32_t asFloat(int value) { return std::bit_cast<int32_t>(static_cast<float>(value)); }
int32_t asInt(int value) { return value; }

void keep(const ForwardArgs &args, const int32_t *d) {
  memcpy(args.arena + thread() * kN / 2 * 4, d, kN / 2 * 4);
}

Kernel kernelFor(std::function<void(const ForwardArgs &)> body) {
  return {
      .body = std::move(body), .threads = 128, .sharedBytes = kShared, .arenaBytes = 128 * kN * 2};
}

void finish() {
  phisim_wgmma_commit();
  phisim_wgmma_wait(0, 5);
}

} // namespace

TEST(Wgmma, BothMatricesInSharedMemory) {
  for (const Layout &layout : kLayouts)
    for (int first = 0; first < kK; first += 16) {
      auto body = [&](const ForwardArgs &args) {
        fill(layout, bf16);
        int32_t d[kN / 2];
        start(d, asFloat);
        phisim_wgmma_fence(2);
        int64_t at = startOf(layout, first);
        phisim_wgmma(static_cast<int32_t>(SimWgmma::Bf16), kN, nullptr,
                     descriptor(kAtA + at, layout), descriptor(at, layout), d, kSimAdd, 0, 3);
        finish();
        keep(args, d);
      };
      expectProduct<float>(kernelFor(body).run(), first, 16);
    }
}

TEST(Wgmma, AInRegisters) {
  auto body = [&](const ForwardArgs &args) {
    fill(kLayouts[1], f16);
    int32_t d[kN / 2], a[4];
    start(d, asFloat);
    int t = static_cast<int>(thread());
    for (int i = 0; i < 4; ++i) {
      int row = 16 * (t / 32) + t % 32 / 4 + (i % 2 ? 8 : 0), k = t % 4 * 2 + (i < 2 ? 0 : 8);
      a[i] = static_cast<int32_t>(f16(valueA(row, 16 + k)) | f16(valueA(row, 17 + k)) << 16);
    }
    phisim_wgmma_fence(2);
    phisim_wgmma(static_cast<int32_t>(SimWgmma::F16), kN, a, 0,
                 descriptor(startOf(kLayouts[1], 16), kLayouts[1]), d, kSimAdd, 0, 3);
    finish();
    keep(args, d);
  };
  expectProduct<float>(kernelFor(body).run(), 16, 16);
}

// "MN-major": columns of B side by side; atoms of 64 of them by 8 k.
TEST(Wgmma, TransposedB) {
  auto body = [&](const ForwardArgs &args) {
    fill(kLayouts[1], bf16);
    for (int64_t i = thread(); i < kN * 16; i += 128) {
      int n = static_cast<int>(i / 16), k = static_cast<int>(i % 16);
      put16(32768 + k / 8 * 1024 + k % 8 * 128 + (n / 8 ^ k % 8) * 16 + n % 8 * 2,
            bf16(valueB(n, k)));
    }
    phisim_fence_async();
    phisim_barrier(1);
    int32_t d[kN / 2];
    start(d, asFloat);
    phisim_wgmma_fence(2);
    phisim_wgmma(static_cast<int32_t>(SimWgmma::Bf16), kN, nullptr, descriptor(kAtA, kLayouts[1]),
                 descriptor(32768, {1, 4096, 1024, nullptr}), d, kSimAdd | kSimTransposedB, 0, 3);
    finish();
    keep(args, d);
  };
  expectProduct<float>(kernelFor(body).run(), 0, 16);
}

// Bytes: pieces of 16 columns.
TEST(Wgmma, Bytes) {
  auto place = [](int row, int k) { return row / 8 * 128 + k / 16 * 2048 + row % 8 * 16 + k % 16; };
  auto put8 = [](int64_t at, int value) {
    phisim_access(shared(at), 1, 1, kSimWrite, 0);
    *shared(at) = static_cast<std::byte>(value);
  };
  auto body = [&](const ForwardArgs &args) {
    for (int64_t i = thread(); i < kN * 32; i += 128)
      put8(place(i / 32, i % 32), valueB(i / 32, i % 32));
    for (int64_t i = thread(); i < 64 * 32; i += 128)
      put8(kAtA + place(i / 32, i % 32), valueA(i / 32, i % 32));
    phisim_fence_async();
    phisim_barrier(1);
    int32_t d[kN / 2];
    start(d, asInt);
    phisim_wgmma_fence(2);
    phisim_wgmma(static_cast<int32_t>(SimWgmma::S8S8), kN, nullptr, descriptor(kAtA, kLayouts[0]),
                 descriptor(0, kLayouts[0]), d, kSimAdd, 0, 3);
    finish();
    keep(args, d);
  };
  expectProduct<int32_t>(kernelFor(body).run(), 0, 32);
}

namespace {

enum Mistake { kNone, kNoFence, kNoWait, kNoProxyFence, kNoBarrier, kCrooked, kHalfAWarpgroup };

void multiplyWith(Mistake mistake) {
  if (thread() == 0)
    put16(0, 0);
  for (int64_t at = 4 * thread(); at < 4096; at += 512)
    store(shared(at), 0, 0);
  if (mistake != kNoProxyFence)
    phisim_fence_async();
  if (mistake != kNoBarrier)
    phisim_barrier(1);
  int32_t d[kN / 2] = {}, a[4] = {};
  if (mistake != kNoFence)
    phisim_wgmma_fence(2);
  if (mistake == kHalfAWarpgroup && thread() >= 64)
    return;
  phisim_wgmma(static_cast<int32_t>(SimWgmma::Bf16), kN, a, 0,
               descriptor(mistake == kCrooked ? 128 : 0, kLayouts[1]), d, 0, 7, 3);
  phisim_wgmma_commit();
  phisim_wgmma_wait(mistake == kNoWait ? 1 : 0, 5);
  phisim_wgmma_use(7, 6);
}

void expectMistake(Mistake mistake, const char *line) {
  EXPECT_EXIT(
      {
        kernelFor([=](const ForwardArgs &) { multiplyWith(mistake); }).run();
        _exit(0);
      },
      testing::ExitedWithCode(1), std::string("^cuda-sim: ") + line);
}

} // namespace

TEST(Wgmma, MistakesAreNamed) {
  kernelFor([](const ForwardArgs &) { multiplyWith(kNone); }).run();
  expectMistake(kNoFence, "wgmma not fenced: .* at kernel: site 3");
  expectMistake(kNoWait, "wgmma not awaited: .* at kernel: site 6.*registers at kernel: site 3");
  expectMistake(kNoProxyFence, "proxy not fenced: .* at kernel: site 3.* wrote it");
  expectMistake(kNoBarrier, "race: .* at kernel: site 3.* wrote it");
  expectMistake(kCrooked, "wgmma descriptor: .* does not start where its swizzle does");
  expectMistake(kHalfAWarpgroup, "divergent warpgroup: .* at kernel: site 3.* has ended");
}
