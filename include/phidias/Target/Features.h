#pragma once
/// Features as LLVM names them, as a user adds them to a target's name, and as a program looks for
/// them at its start.

#include "phidias/Target/Target.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <memory>

namespace llvm {
class MCSubtargetInfo;
} // namespace llvm

namespace phidias {

/// A feature that LLVM may use in code, and where a machine says that it has it.
struct KnownFeature {
  llvm::StringLiteral name; ///< LLVM's
  phirt::abi::FeatureWord word;
  unsigned bit;
  llvm::StringLiteral shown = ""; ///< the system's own name for it, where it is another
};

/// What LLVM knows of `spec`'s processor and features.
std::unique_ptr<llvm::MCSubtargetInfo> subtargetOf(const TargetSpec &spec);

/// Those of `known` that the processor has.
std::vector<FeatureNeed> featureNeeds(const llvm::MCSubtargetInfo &processor,
                                      llvm::ArrayRef<KnownFeature> known);

/// "neoverse-n1+i8mm": what stands before the first plus, and what after each.
struct SplitTarget {
  llvm::StringRef base;
  std::vector<llvm::StringRef> features;
};
SplitTarget splitTarget(llvm::StringRef name);

/// "+a,+b" for LLVM. An error that lists what is known where one of `features` is not among
/// `known`; `target` is what the user asked for.
llvm::Expected<std::string> featureList(llvm::StringRef target,
                                        llvm::ArrayRef<llvm::StringRef> features,
                                        llvm::ArrayRef<llvm::StringRef> known);

/// The names of `known`, each once.
std::vector<llvm::StringRef> namesOf(llvm::ArrayRef<KnownFeature> known);

} // namespace phidias
