#include "profile/Report.h"
#include "support/Json.h"
#include <algorithm>

namespace phirt {

/// Times and calls, as noted.
static void addEvents(Section &section, const Profile &profile) {
  int64_t before = 0, known = static_cast<int64_t>(section.stages.size()) - 1;
  for (const StageEvent &event : profile) {
    bool isStage = event.stage >= 0 && event.stage < known;
    StageTotal &total = isStage ? section.stages[event.stage] : section.stages.back();
    total.calls += isStage;
    total.nanoseconds += event.stage == Profile::kBegin ? 0 : event.nanoseconds - before;
    before = event.nanoseconds;
  }
}

/// Bytes and operations, as the model says. A pass without logits leaves a stage out: its weights
/// count as often as it ran.
static void addWork(StageTotal &total, const abi::StageInfo &info, const Profile &profile) {
  double runs = static_cast<double>(total.calls) / std::max<int64_t>(info.calls, 1);
  int64_t rows = info.logitRows ? profile.logitRows() : profile.tokens();
  total.bytes = static_cast<double>(info.weightBytes) * runs;
  total.ops = 2.0 * static_cast<double>(info.macsPerToken) * static_cast<double>(rows);
}

Section totalsOf(const char *name, const abi::Model &model, const Profile &profile) {
  Section section{name, profile.passes(), profile.tokens(), {}, {"total"}};
  for (uint64_t i = 0; i < model.code->stageCount; ++i)
    section.stages.push_back({model.code->stages[i].name});
  section.stages.push_back({"(outside)"});
  addEvents(section, profile);
  for (uint64_t i = 0; i < model.code->stageCount; ++i)
    addWork(section.stages[i], model.code->stages[i], profile);
  for (const StageTotal &stage : section.stages) {
    section.all.calls += stage.calls;
    section.all.nanoseconds += stage.nanoseconds;
    section.all.bytes += stage.bytes;
    section.all.ops += stage.ops;
  }
  return section;
}

static double ratio(double a, double b) { return b > 0 ? a / b : 0; }

static std::string percent(double share, bool isKnown) {
  char text[16];
  snprintf(text, sizeof text, "%6.1f", share * 100);
  return isKnown ? text : "     -";
}

static std::string row(const StageTotal &s, const Section &section, const Machine &machine) {
  double seconds = s.nanoseconds * 1e-9, passes = section.passes;
  double rate = ratio(s.bytes, seconds), work = ratio(s.ops, seconds);
  char text[256];
  snprintf(text, sizeof text, "%-20.20s %6.0f %10.3f %6.1f %10.3f %8.2f %s %9.2f %s\n", s.name,
           ratio(s.calls, passes), ratio(seconds * 1e3, passes),
           100 * ratio(s.nanoseconds, section.all.nanoseconds), ratio(s.bytes * 1e-6, passes),
           rate * 1e-9, percent(ratio(rate, machine.bytesPerSecond), s.bytes > 0).c_str(),
           work * 1e-9,
           percent(ratio(work, machine.opsPerSecond.value_or(0)), machine.opsPerSecond && s.ops > 0)
               .c_str());
  return text;
}

std::string tableOf(const Section &section, const Machine &machine) {
  char text[256];
  snprintf(text, sizeof text,
           "\n%s: %ld passes, %ld tokens; a pass:\n%-20s %6s %10s %6s %10s %8s %6s %9s %6s\n",
           section.name, long(section.passes), long(section.tokens), "stage", "calls", "ms", "%",
           "MB", "GB/s", "% of B", "GOP/s", "% of P");
  std::string table = text;
  for (const StageTotal &stage : section.stages)
    table += row(stage, section, machine);
  return table + row(section.all, section, machine);
}

static RawJson jsonOf(const StageTotal &s, const Section &section, const Machine &machine) {
  double seconds = s.nanoseconds * 1e-9;
  JsonObject json;
  json.add("name", std::string_view(s.name)).add("calls", s.calls).add("seconds", seconds);
  json.add("time_share", ratio(s.nanoseconds, section.all.nanoseconds));
  json.add("bytes", s.bytes).add("bytes_per_s", ratio(s.bytes, seconds));
  json.add("bandwidth_share", ratio(ratio(s.bytes, seconds), machine.bytesPerSecond));
  json.add("ops", s.ops).add("ops_per_s", ratio(s.ops, seconds));
  if (machine.opsPerSecond)
    json.add("peak_share", ratio(ratio(s.ops, seconds), *machine.opsPerSecond));
  return json.raw();
}

std::string jsonOf(const Section &section, const Machine &machine) {
  std::string list;
  for (const StageTotal &stage : section.stages)
    list += (list.empty() ? "" : ",") + jsonOf(stage, section, machine).text;
  JsonObject json;
  json.add("passes", section.passes).add("tokens", section.tokens);
  json.add("stages", RawJson{"[" + list + "]"});
  json.add("total", jsonOf(section.all, section, machine));
  return json.raw().text;
}

} // namespace phirt
