// wgmma: PTX ISA, "Asynchronous Warpgroup Level Matrix Multiply-Accumulate Instructions". The
// product is made when all of the warpgroup have come; who may use it, and who may overwrite what
// it read, is known by the groups that a thread has waited for.

#include "sim/Async.h"
#include "sim/Counts.h"
#include "sim/Half.h"
#include "sim/MatrixDescriptor.h"
#include "sim/Report.h"
#include <bit>
#include <cstring>

namespace phirt::sim {
namespace {

using abi::SimWgmma;

constexpr int32_t kRows = 64, kMostColumns = 256, kMostInner = 32, kThreads = 4 * kWarp;

struct Wgmma {
  SimWgmma kind;
  int32_t n;
  const int32_t *a;
  int64_t descriptorA, descriptorB;
  int32_t *d;
  int32_t flags, chain, site;
};

bool isHalf(SimWgmma kind) { return kind == SimWgmma::F16 || kind == SimWgmma::Bf16; }
int32_t innerOf(SimWgmma kind) { return isHalf(kind) ? 16 : 32; }

template <class Value> struct Factors {
  Value a[kRows][kMostInner];
  Value b[kMostInner][kMostColumns]; ///< [k][n]
};

/// A unit of a matrix, checked for the whole warpgroup.
const std::byte *readUnit(const Wgmma &op, int64_t at, std::set<int32_t> &copies) {
  const Region &shared = current->block->sharedRegion;
  if (at < 0 || at + kGranule > static_cast<int64_t>(shared.bytes))
    report("out of bounds", *current, op.site,
           "wgmma reads byte " + std::to_string(at) + " of shared memory (" +
               std::to_string(shared.bytes) + " bytes)");
  const std::byte *address = shared.start + at;
  if (int32_t copy = async().granules[at / kGranule]) {
    copies.insert(copy);
    return address;
  }
  checkAccessUncounted(address, kGranule, kGranule, Kind::Read, op.site);
  checkFenced(address, kGranule, op.site);
  return address;
}

/// Calls take(row, k, bits) for all elements of a matrix of `rows` in shared memory.
template <class Take>
void readShared(const Wgmma &op, int64_t bits, bool transposed, int32_t rows,
                std::set<int32_t> &copies, Take take) {
  const char *problem;
  MatrixDescriptor d =
      readDescriptor(bits, transposed, current->block->sharedRegion.start, problem);
  if (problem)
    report("wgmma descriptor", *current, op.site, problem);
  int32_t bytes = isHalf(op.kind) ? 2 : 1, each = kGranule / bytes, inner = innerOf(op.kind);
  int32_t units = (transposed ? rows : inner) / each, lines = transposed ? inner : rows;
  for (int32_t line = 0; line < lines; ++line)
    for (int32_t unit = 0; unit < units; ++unit) {
      const std::byte *from = readUnit(op, d.unit(unit, line), copies);
      for (int32_t i = 0; i < each; ++i) {
        uint16_t element = 0;
        memcpy(&element, from + bytes * i, bytes);
        int32_t other = unit * each + i;
        take(transposed ? other : line, transposed ? line : other, element);
      }
    }
}

/// "Register Fragments for wgmma.mma_async.m64nNk16" and "k32": warp w has rows 16w on.
template <class Take> void readRegisters(const Warpgroup &group, const Wgmma &op, Take take) {
  int32_t perWord = isHalf(op.kind) ? 2 : 4, bits = 32 / perWord;
  for (int32_t thread = 0; thread < kThreads; ++thread)
    for (int32_t r = 0; r < 4; ++r)
      for (int32_t e = 0; e < perWord; ++e) {
        auto word = static_cast<uint32_t>(static_cast<Wgmma *>(group.operands[thread])->a[r]);
        int32_t row = thread / kWarp * 16 + thread % kWarp / 4 + (r % 2) * 8;
        int32_t k = (thread % 4) * perWord + e + (r / 2) * 4 * perWord;
        take(row, k, (word >> (e * bits)) & ((1u << bits) - 1));
      }
}

template <class Value, class Decode>
void readFactors(const Warpgroup &group, const Wgmma &op, Factors<Value> &f, Decode decodeA,
                 Decode decodeB, std::set<int32_t> &copies) {
  Value signA = op.flags & abi::kSimNegateA ? -1 : 1, signB = op.flags & abi::kSimNegateB ? -1 : 1;
  auto takeA = [&](int32_t row, int32_t k, uint32_t bits) { f.a[row][k] = signA * decodeA(bits); };
  auto takeB = [&](int32_t n, int32_t k, uint32_t bits) { f.b[k][n] = signB * decodeB(bits); };
  if (op.a)
    readRegisters(group, op, takeA);
  else
    readShared(op, op.descriptorA, op.flags & abi::kSimTransposedA, kRows, copies, takeA);
  readShared(op, op.descriptorB, op.flags & abi::kSimTransposedB, op.n, copies, takeB);
}

/// Register i of a thread's D: row l/4 (+ 8 for odd pairs) of its warp's 16, columns in eights.
template <class Value> void multiply(const Warpgroup &group, const Wgmma &op, Factors<Value> &f) {
  static thread_local Value d[kRows][kMostColumns];
  int32_t inner = innerOf(op.kind);
  auto eachRegister = [&](auto act) {
    for (int32_t thread = 0; thread < kThreads; ++thread)
      for (int32_t i = 0; i < op.n / 2; ++i) {
        int32_t row = thread / kWarp * 16 + thread % kWarp / 4 + (i / 2 % 2) * 8;
        int32_t column = i / 4 * 8 + thread % 4 * 2 + i % 2;
        act(static_cast<Wgmma *>(group.operands[thread])->d[i], d[row][column]);
      }
  };
  if (op.flags & abi::kSimAdd)
    eachRegister([](int32_t word, Value &sum) { sum = std::bit_cast<Value>(word); });
  else
    memset(d, 0, sizeof d);
  for (int32_t row = 0; row < kRows; ++row)
    for (int32_t k = 0; k < inner; ++k)
      for (int32_t column = 0; column < op.n; ++column)
        d[row][column] += f.a[row][k] * f.b[k][column];
  eachRegister([](int32_t &word, Value sum) { word = std::bit_cast<int32_t>(sum); });
}

int32_t fromS8(uint32_t bits) { return static_cast<int8_t>(bits); }
int32_t fromU8(uint32_t bits) { return static_cast<int32_t>(bits); }
bool isSignedA(SimWgmma kind) { return kind == SimWgmma::S8S8 || kind == SimWgmma::S8U8; }
bool isSignedB(SimWgmma kind) { return kind == SimWgmma::S8S8 || kind == SimWgmma::U8S8; }

std::set<int32_t> run(const Warpgroup &group, const Wgmma &op) {
  std::set<int32_t> copies;
  if (isHalf(op.kind)) {
    static thread_local Factors<float> f;
    auto decode = op.kind == SimWgmma::F16 ? fromF16 : fromBf16;
    readFactors(group, op, f, decode, decode, copies);
    multiply(group, op, f);
    return copies;
  }
  static thread_local Factors<int32_t> f;
  readFactors(group, op, f, isSignedA(op.kind) ? fromS8 : fromU8,
              isSignedB(op.kind) ? fromS8 : fromU8, copies);
  multiply(group, op, f);
  return copies;
}

/// Every thread of the warpgroup may read them, and does until it has waited.
void takeOff(const Wgmma &op, const std::set<int32_t> &copies) {
  Thread *first = &current->block->threads[current->index / kThreads * kThreads];
  for (int32_t copy : copies) {
    for (Thread *thread = first; thread != first + kThreads; ++thread)
      checkArrived(copy, *thread, async().copies[copy].target, op.site);
    async().copies[copy].flights += kThreads;
  }
  for (Thread *thread = first; thread != first + kThreads; ++thread)
    asyncThread(*thread).flights.push_back({op.chain, op.site, -1, copies});
}

void land(const Flight &flight) {
  const Clock &knows = asyncThread(*current).knows;
  for (int32_t number : flight.copies) {
    BulkCopy &copy = async().copies[number];
    --copy.flights;
    copy.lastRead[current->index] = knows[current->index];
  }
}

void checkShape(const Wgmma &op) {
  if (op.n < 8 || op.n > kMostColumns || op.n % 8)
    report("wgmma shape", *current, op.site, "n is " + std::to_string(op.n));
  if (!isHalf(op.kind) && op.flags & (abi::kSimTransposedA | abi::kSimTransposedB))
    report("wgmma shape", *current, op.site, "only 16-bit matrices may be transposed");
}

} // namespace
} // namespace phirt::sim

using namespace phirt::sim;

void phisim_wgmma_fence(int32_t) { asyncThread(*current).ready = true; }

void phisim_wgmma_commit() {
  AsyncThread &thread = asyncThread(*current);
  for (Flight &flight : thread.flights)
    if (flight.group < 0)
      flight.group = thread.groups;
  ++thread.groups;
}

void phisim_wgmma_wait(int32_t left, int32_t) {
  AsyncThread &thread = asyncThread(*current);
  auto isOver = [&](const Flight &flight) {
    return flight.group >= 0 && flight.group < thread.groups - left;
  };
  for (const Flight &flight : thread.flights)
    if (isOver(flight))
      land(flight);
  std::erase_if(thread.flights, isOver);
  thread.ready = false;
}

void phisim_wgmma_use(int32_t chain, int32_t site) {
  AsyncThread &thread = asyncThread(*current);
  for (const Flight &flight : thread.flights)
    if (flight.chain == chain)
      report("wgmma not awaited", *current, site,
             "it writes these registers at " + describeSite(flight.site));
  thread.ready = false;
}

void phisim_wgmma(int32_t kind, int32_t n, const int32_t *a, int64_t descriptorA,
                  int64_t descriptorB, int32_t *d, int32_t flags, int32_t chain, int32_t site) {
  countInstruction(Instruction::Wgmma);
  Wgmma own{static_cast<SimWgmma>(kind), n, a, descriptorA, descriptorB, d, flags, chain, site};
  checkShape(own);
  if (!asyncThread(*current).ready)
    report("wgmma not fenced", *current, site,
           "no wgmma.fence since the registers were last used, or a wgmma awaited");
  if (!meetWarpgroup(site, &own))
    return;
  takeOff(own, run(warpgroupOf(*current), own));
  releaseWarpgroup();
}
