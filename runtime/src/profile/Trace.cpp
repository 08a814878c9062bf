#include "profile/Report.h"
#include "support/Json.h"

namespace phirt {

/// {"name":"qkv","cat":"decode","ph":"X","ts":12.345,"dur":6.789,"pid":1,"tid":1}
static std::string complete(const std::string &name, const std::string &kind, int64_t from,
                            int64_t to) {
  char times[96];
  snprintf(times, sizeof times, "\"ts\":%.3f,\"dur\":%.3f", from * 1e-3, (to - from) * 1e-3);
  return "{\"name\":" + name + ",\"cat\":" + kind + ",\"ph\":\"X\"," + times +
         ",\"pid\":1,\"tid\":1}";
}

std::string traceOf(const char *name, const abi::Model &model, const Profile &profile) {
  std::string kind = toJson(std::string_view(name)), events;
  std::vector<std::string> names;
  for (uint64_t i = 0; i < model.code->stageCount; ++i)
    names.push_back(toJson(std::string_view(model.code->stages[i].name)));
  int64_t before = 0, passBegan = 0;
  for (const StageEvent &event : profile) {
    bool isStage = event.stage >= 0 && event.stage < static_cast<int64_t>(names.size());
    if (event.stage == Profile::kBegin)
      passBegan = event.nanoseconds;
    else if (event.stage == Profile::kEnd)
      events += ",\n" + complete(kind, kind, passBegan, event.nanoseconds);
    else if (isStage)
      events += ",\n" + complete(names[event.stage], kind, before, event.nanoseconds);
    before = event.nanoseconds;
  }
  return events.empty() ? events : events.substr(2);
}

} // namespace phirt
