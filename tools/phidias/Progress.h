#pragma once
#include "phidias/Pipeline/Compile.h"

namespace phidias::tool {

/// Shows a compile on a terminal; elsewhere only warnings are printed.
class Progress : public CompileObserver {
public:
  Progress();
  void phase(llvm::StringRef name, llvm::StringRef result, double seconds) override;
  void packing(uint64_t done, uint64_t total) override;
  void report(llvm::StringRef text) override;
  void warning(llvm::StringRef message) override;

private:
  bool terminal;
  int shownPercent = -1;
};

} // namespace phidias::tool
