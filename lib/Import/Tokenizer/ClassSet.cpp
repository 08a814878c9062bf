// The sets of the reference's Unicode version, which is newer than that of the PCRE2 that programs
// carry.

#include "ClassSet.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringExtras.h"

namespace phidias::tokenizer {

#include "UnicodeClasses.inc"

static constexpr uint32_t kEnd = 0x110000;

static void append(ClassSet &set, uint32_t first, uint32_t last) {
  if (!set.empty() && set.back().second + 1 == first)
    set.back().second = last;
  else
    set.push_back({first, last});
}

static ClassSet fromPairs(llvm::ArrayRef<uint32_t> bounds) {
  ClassSet set;
  for (size_t i = 0; i < bounds.size(); i += 2)
    append(set, bounds[i], bounds[i + 1]);
  return set;
}

static ClassSet fromCategories(llvm::StringRef prefix) {
  ClassSet set;
  llvm::ArrayRef<uint32_t> runs(kCategoryRuns);
  for (size_t i = 0; i < runs.size(); ++i)
    if (llvm::StringRef(kCategoryNames[runs[i] & 0xFF]).starts_with(prefix))
      append(set, runs[i] >> 8, (i + 1 < runs.size() ? runs[i + 1] >> 8 : kEnd) - 1);
  return set;
}

std::optional<ClassSet> classNamed(llvm::StringRef name) {
  if (name == "Space")
    return fromPairs(kSpaceRanges);
  if (name == "Word")
    return fromPairs(kWordRanges);
  if (name == "WordEdge")
    return fromPairs(kWordEdgeRanges);
  if (name == "Numeric")
    return fromPairs(kNumericRanges);
  if (name == "Han")
    return fromPairs(kHanRanges);
  // Cn and C take in the surrogates of the table, which no text holds.
  if (name.empty() || name.size() > 2 || name == "C" || name == "Cn")
    return std::nullopt;
  ClassSet set = fromCategories(name);
  return set.empty() ? std::nullopt : std::optional(std::move(set));
}

ClassSet complement(const ClassSet &set) {
  ClassSet result;
  uint32_t next = 0;
  auto addGap = [&](uint32_t first, uint32_t end) {
    if (first < std::min(end, 0xD800u))
      result.push_back({first, std::min(end, 0xD800u) - 1});
    if (std::max(first, 0xE000u) < end)
      result.push_back({std::max(first, 0xE000u), end - 1});
  };
  for (auto [first, last] : set) {
    addGap(next, first);
    next = last + 1;
  }
  addGap(next, kEnd);
  return result;
}

std::string bracketText(const ClassSet &set) {
  std::string text;
  for (auto [first, last] : set) {
    text += "\\x{" + llvm::utohexstr(first) + "}";
    if (last != first)
      text += "-\\x{" + llvm::utohexstr(last) + "}";
  }
  return text;
}

} // namespace phidias::tokenizer
