#include "phidias/Target/Features.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Triple.h"

using namespace llvm;

namespace phidias {

std::unique_ptr<MCSubtargetInfo> subtargetOf(const TargetSpec &spec) {
  InitializeAllTargetInfos();
  InitializeAllTargets();
  InitializeAllTargetMCs();
  std::string message;
  Triple triple(spec.triple);
  const Target *target = TargetRegistry::lookupTarget(triple, message);
  return std::unique_ptr<MCSubtargetInfo>(
      target->createMCSubtargetInfo(triple, spec.cpu, spec.features));
}

std::vector<FeatureNeed> featureNeeds(const MCSubtargetInfo &processor,
                                      ArrayRef<KnownFeature> known) {
  std::vector<FeatureNeed> needs;
  for (const KnownFeature &feature : known) {
    StringRef shown = feature.shown.empty() ? feature.name : feature.shown;
    if (processor.checkFeatures(("+" + feature.name).str()))
      needs.push_back({shown.str(), feature.word, uint64_t(1) << feature.bit});
  }
  return needs;
}

SplitTarget splitTarget(StringRef name) {
  auto [base, rest] = name.split('+');
  SmallVector<StringRef> features;
  rest.split(features, '+', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  return {base, {features.begin(), features.end()}};
}

Expected<std::string> featureList(StringRef target, ArrayRef<StringRef> features,
                                  ArrayRef<StringRef> known) {
  std::string list;
  for (StringRef feature : features) {
    if (!is_contained(known, feature))
      return createStringError(
          "--target=%s: '%s' is no feature that code is made for; known are %s",
          target.str().c_str(), feature.str().c_str(), join(known, ", ").c_str());
    list += (list.empty() ? "+" : ",+") + feature.str();
  }
  return list;
}

std::vector<StringRef> namesOf(ArrayRef<KnownFeature> known) {
  std::vector<StringRef> names;
  for (const KnownFeature &feature : known)
    if (!is_contained(names, feature.name))
      names.push_back(feature.name);
  return names;
}

} // namespace phidias
