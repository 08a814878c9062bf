#pragma once
/// From the name that a user gives to the machines that code is made for.

#include "phidias/Target/Target.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace phidias {

/// The targets of one architecture.
struct TargetFamily {
  /// Whether a name is its own to answer, with targets or with what is wrong.
  std::function<bool(llvm::StringRef)> owns;
  /// The machines that the name stands for, the best first: code for each goes into one program.
  std::function<llvm::Expected<std::vector<TargetSpec>>(llvm::StringRef)> targets;
  /// Names that it knows, without features.
  std::function<std::vector<std::string>()> names;
};

class TargetRegistry {
public:
  void add(TargetFamily family) { families.push_back(std::move(family)); }
  /// Asks the family that owns the name; where none does the error lists all names.
  llvm::Expected<std::vector<TargetSpec>> find(llvm::StringRef name) const;

private:
  std::vector<TargetFamily> families;
};

} // namespace phidias
