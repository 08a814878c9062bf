#pragma once
#include "phirt/Status.h"
#include "phirt/abi.h"
#include "threads/Barrier.h"
#include "threads/Sharing.h"
#include <memory>
#include <pthread.h>
#include <vector>

namespace phirt {

/// Threads that run a model's forward together. The caller is thread 0; the others sleep between
/// passes.
class Team {
public:
  static Result<std::unique_ptr<Team>> start(int64_t threads, abi::Forward *forward,
                                             Sharing sharing = Sharing::Auto);
  Team(const Team &) = delete;
  Team &operator=(const Team &) = delete;
  ~Team();

  /// One pass by all threads; fills in thread, threads, pieces, claims and barrier itself.
  void run(const abi::ForwardArgs &args);
  int64_t size() const { return threads; }

private:
  struct Worker {
    Team *team;
    int64_t index;
    pthread_t handle;
  };

  Team(int64_t threads, abi::Forward *forward, bool claims);
  static void *work(void *worker);
  void runAs(int64_t thread);

  const int64_t threads;
  abi::Forward *const forward;
  const bool claims; ///< whether the pieces of a region are claimed, and not one for each thread
  Barrier barrier;   ///< for the model's stages
  Barrier gate;      ///< starts and ends a pass
  abi::ForwardArgs job{};
  bool quitting = false;
  std::vector<Worker> workers;
};

} // namespace phirt
