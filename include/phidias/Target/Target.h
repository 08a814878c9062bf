#pragma once
/// What lib may ask of a machine. Targets (targets/t) fill it in.

#include <string>

namespace phidias {

/// A machine that code is made for, in LLVM's terms.
struct TargetSpec {
  std::string name; ///< as the user asked: "native", "x86-64-v3", ...
  std::string triple;
  std::string cpu;
  std::string features; ///< "+avx2,+fma,..."
  std::string runtime;  ///< folder of the prelinked runtime under lib/phidias/runtime
};

} // namespace phidias
