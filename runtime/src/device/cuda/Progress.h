#pragma once
#include <cstdint>
#include <string>

namespace phirt::cuda {

/// A line on the terminal, where standard error is one, that says what the program waits for. Gone
/// at the end.
class Progress {
public:
  explicit Progress(std::string what);
  Progress(const Progress &) = delete;
  Progress &operator=(const Progress &) = delete;
  ~Progress();

  void show(uint64_t done, uint64_t total);

private:
  void print(const std::string &line);

  const std::string what;
  const bool isShown;
  int64_t percent = -1;
};

} // namespace phirt::cuda
