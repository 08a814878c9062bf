// Counts for people and for programs.

#include "sim/Report.h"
#include "sim/Totals.h"
#include "support/Json.h"
#include <algorithm>
#include <cstdio>

namespace phirt::sim {
namespace {

constexpr double kSector = 32;
constexpr size_t kWorst = 12; ///< sites that the table names

constexpr const char *kInstructionNames[kInstructions] = {"load",    "store",   "copy",  "prefetch",
                                                          "dp4a",    "mma",     "wgmma", "ldmatrix",
                                                          "shuffle", "barrier", "other"};
constexpr const char *kPlaceNames[kPlaces] = {"weights", "cache",  "arena",    "logits",
                                              "tokens",  "choice", "constant", "shared"};

std::string stageName(int64_t stage) {
  const abi::Code &code = phirt_model.codes[0];
  if (stage >= 0 && static_cast<uint64_t>(stage) < code.stageCount)
    return code.stages[stage].name;
  return stage < 0 ? "(rest)" : "stage " + std::to_string(stage);
}

uint64_t sectorsOf(const Counts &counts) {
  uint64_t sum = 0;
  for (uint64_t sectors : counts.sectors)
    sum += sectors;
  return sum;
}

template <class... Values> std::string format(const char *pattern, Values... values) {
  char line[400];
  snprintf(line, sizeof line, pattern, values...);
  return line;
}

double ratio(uint64_t x, uint64_t y) { return y ? static_cast<double>(x) / y : 0; }

std::string header() {
  std::string line = format("%6s %-14s %10s %10s %10s %8s %12s %9s", "tokens", "stage",
                            "weights MB", "cache MB", "other MB", "sectors", "shared", "conflicts");
  for (const char *name : kInstructionNames)
    line += format(" %10s", name);
  return line + "\n";
}

/// All numbers of one pass.
std::string row(const StageKey &key, const Counts &counts, uint64_t passes) {
  auto place = [&](Place where) { return counts.sectors[static_cast<size_t>(where)]; };
  uint64_t all = sectorsOf(counts), weights = place(Place::Weights), cache = place(Place::Cache);
  double each = 1.0 / static_cast<double>(passes), megabytes = kSector * 1e-6 * each;
  std::string line = format(
      "%6lld %-14s %10.3f %10.3f %10.3f %8.3f %12.0f %8.1f%%", static_cast<long long>(key.tokens),
      stageName(key.stage).c_str(), weights * megabytes, cache * megabytes,
      (all - weights - cache) * megabytes, ratio(all, counts.idealSectors),
      counts.sharedRequests * each, 100 * ratio(counts.conflicts, counts.sharedRequests));
  for (uint64_t number : counts.instructions)
    line += format(" %10.0f", number * each / 32); // of warps
  return line + "\n";
}

/// The numbers of those that lose most.
std::vector<size_t> worstSites(const Totals &totals) {
  std::vector<size_t> sites;
  for (size_t i = 0; i < totals.bySite.size(); ++i)
    if (totals.bySite[i].extra)
      sites.push_back(i);
  std::ranges::sort(
      sites, [&](size_t x, size_t y) { return totals.bySite[x].extra > totals.bySite[y].extra; });
  return sites;
}

RawJson numbersJson(const Counts &counts) {
  JsonObject sectors, instructions;
  for (int i = 0; i < kPlaces; ++i)
    sectors.add(kPlaceNames[i], static_cast<int64_t>(counts.sectors[i]));
  for (int i = 0; i < kInstructions; ++i)
    instructions.add(kInstructionNames[i], static_cast<int64_t>(counts.instructions[i]));
  return JsonObject()
      .add("sectors", sectors.raw())
      .add("ideal_sectors", static_cast<int64_t>(counts.idealSectors))
      .add("shared_requests", static_cast<int64_t>(counts.sharedRequests))
      .add("bank_conflicts", static_cast<int64_t>(counts.conflicts))
      .add("thread_instructions", instructions.raw())
      .raw();
}

RawJson arrayOf(const std::vector<std::string> &items) {
  std::string text = "[";
  for (const std::string &item : items)
    text += (text.size() > 1 ? "," : "") + item;
  return {text + "]"};
}

int64_t numberOf(const std::map<StageKey, uint64_t> &numbers, const StageKey &key) {
  auto found = numbers.find(key);
  return found == numbers.end() ? 0 : static_cast<int64_t>(found->second);
}

RawJson stagesJson(const Totals &totals) {
  std::vector<std::string> stages;
  for (const auto &[key, counts] : totals.stages)
    stages.push_back(JsonObject()
                         .add("tokens", key.tokens)
                         .add("stage", stageName(key.stage))
                         .add("passes", static_cast<int64_t>(totals.passes.at(key.tokens)))
                         .add("launches", numberOf(totals.launches, key))
                         .add("grid_barriers", numberOf(totals.meetings, key))
                         .add("counts", numbersJson(counts))
                         .raw()
                         .text);
  return arrayOf(stages);
}

RawJson sitesJson(const Totals &totals) {
  std::vector<std::string> sites;
  for (size_t i : worstSites(totals))
    sites.push_back(JsonObject()
                        .add("site", siteText(totals.sites, static_cast<int32_t>(i / 2)))
                        .add("access", std::string_view(i % 2 ? "write" : "read"))
                        .add("ideal", static_cast<int64_t>(totals.bySite[i].ideal))
                        .add("extra", static_cast<int64_t>(totals.bySite[i].extra))
                        .raw()
                        .text);
  return arrayOf(sites);
}

} // namespace

std::string tableOf(const Totals &totals) {
  std::string text = "cuda-sim: of one pass; sectors and shared: as often as at best, and more; "
                     "instructions of warps\n" +
                     header();
  for (const auto &[key, counts] : totals.stages)
    text += row(key, counts, totals.passes.at(key.tokens));
  std::vector<size_t> worst = worstSites(totals);
  worst.resize(std::min(worst.size(), kWorst));
  for (size_t i : worst)
    text +=
        format("%12llu more than %12llu: ", static_cast<unsigned long long>(totals.bySite[i].extra),
               static_cast<unsigned long long>(totals.bySite[i].ideal)) +
        (i % 2 ? "writes at " : "reads at ") + siteText(totals.sites, static_cast<int32_t>(i / 2)) +
        "\n";
  return text;
}

std::string jsonOf(const Totals &totals) {
  return JsonObject()
      .add("kernel", totals.kernel)
      .add("stages", stagesJson(totals))
      .add("sites", sitesJson(totals))
      .line();
}

} // namespace phirt::sim
