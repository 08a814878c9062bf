// Nanoseconds a barrier, for as many threads as are given: built where Google Benchmark is there.
#include "threads/Barrier.h"
#include <benchmark/benchmark.h>

/// Every thread arrives again and again; work of some nanoseconds between, or none.
static void meet(benchmark::State &state) {
  static phirt::Barrier barriers[] = {{1, true}, {2, true}, {4, true}};
  phirt::Barrier &barrier = barriers[state.threads() / 2];
  for (auto _ : state)
    barrier.arriveAndWait();
}
BENCHMARK(meet)->Threads(1)->Threads(2)->UseRealTime();

BENCHMARK_MAIN();
