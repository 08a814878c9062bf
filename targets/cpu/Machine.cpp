#include "targets/cpu/Machine.h"
#include "targets/cpu/Features.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include <algorithm>
#include <unistd.h>

using namespace llvm;

namespace phidias {

static int64_t cacheBytes(bool native, int name, int64_t otherwise) {
  long bytes = native ? sysconf(name) : 0;
  return bytes > 0 ? bytes : otherwise;
}

void describeMachine(TargetSpec &spec) {
  std::unique_ptr<MCSubtargetInfo> info = subtargetOf(spec);
  auto has = [&](const char *feature) { return info->checkFeatures(feature); };
  bool wide = has("+avx512f,+avx512bw,+avx512vl"), vnni = has("+avx512vnni");
  Machine &m = spec.machine;
  bool least = has("+ssse3,+sse4.1"); // a table look-up, rounding; without them nothing would link
  m.lanes = wide ? 16 : has("+avx2,+fma,+f16c") ? 8 : least ? 4 : 0;
  m.registers = wide ? 32 : 16;
  m.dot = m.lanes == 16 ? vnni : m.lanes == 8 && (has("+avxvnni") || (vnni && has("+avx512vl")));
  m.bf16 = wide && has("+avx512bf16");
  // Measured on Zen 4: 30 GB/s without software prefetch, 23 with 12 steps, of 33 that can be read.
  m.prefetch = StringRef(spec.cpu).starts_with("znver") ? 0 : 12;
  bool native = spec.name == "native";
  m.l1 = cacheBytes(native, _SC_LEVEL1_DCACHE_SIZE, 32 << 10);
  spec.needs = cpuFeatureNeeds(*info);
  m.l2 = std::max(m.l1, cacheBytes(native, _SC_LEVEL2_CACHE_SIZE, 1 << 20));
}

} // namespace phidias
