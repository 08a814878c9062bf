#include "threads/Team.h"
#include "threads/Cores.h"
#include <csignal>
#include <cstring>
#include <string>

namespace phirt {

/// Whether every thread may have a processor of its own: only then does it pay to spin.
static bool maySpin(int64_t threads) { return threads <= availableProcessors(); }

/// Whether threads claim their pieces.
static bool mustClaim(int64_t threads, Sharing sharing) {
  return sharing == Sharing::Claim || (sharing == Sharing::Auto && threads > 1 && coresDiffer());
}

Team::Team(int64_t threads, abi::Forward *forward, bool claims)
    : threads(threads), forward(forward), claims(claims), barrier(threads, maySpin(threads)),
      gate(threads, maySpin(threads)) {
  workers.reserve(threads - 1);
}

Result<std::unique_ptr<Team>> Team::start(int64_t threads, abi::Forward *forward, Sharing sharing) {
  std::unique_ptr<Team> team(new Team(threads, forward, mustClaim(threads, sharing)));
  // Workers take no signals: Ctrl-C interrupts the read or the loop of the first thread.
  sigset_t all, before;
  sigfillset(&all);
  sigdelset(&all, SIGBUS);
  sigdelset(&all, SIGSEGV);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int failure = 0;
  for (int64_t index = 1; index < threads && failure == 0; ++index) {
    Worker &worker = team->workers.emplace_back(team.get(), index, pthread_t());
    failure = pthread_create(&worker.handle, nullptr, work, &worker);
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (failure == 0)
    return team;
  // The threads that did start wait at the gate for ever; the program ends with this error.
  team.release();
  return error("--threads: cannot start " + std::to_string(threads) +
               " threads: " + strerror(failure));
}

Team::~Team() {
  quitting = true;
  gate.arriveAndWait();
  for (Worker &worker : workers)
    pthread_join(worker.handle, nullptr);
}

void Team::run(const abi::ForwardArgs &args) {
  job = args;
  job.threads = threads;
  job.pieces = claims ? threads * kPiecesPerThread : threads;
  job.claims = claims ? &barrier : nullptr;
  job.barrier = &barrier;
  gate.arriveAndWait();
  runAs(0);
  gate.arriveAndWait();
}

void Team::runAs(int64_t thread) {
  abi::ForwardArgs own = job;
  own.thread = thread;
  forward(&own);
}

void *Team::work(void *argument) {
  auto *worker = static_cast<Worker *>(argument);
  Team &team = *worker->team;
  for (;;) {
    team.gate.arriveAndWait();
    if (team.quitting)
      return nullptr;
    team.runAs(worker->index);
    team.gate.arriveAndWait();
  }
}

} // namespace phirt
