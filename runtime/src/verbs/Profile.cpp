#include "model/Engine.h"
#include "profile/Report.h"
#include "support/Json.h"
#include "support/Output.h"
#include "verbs/Passes.h"
#include "verbs/Prompt.h"
#include "verbs/Verbs.h"
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace phirt {
namespace {

constexpr int64_t kMostEvents = 1 << 22; // 64 MB

/// Events of `passes` passes.
int64_t eventsOf(const abi::Model &model, int64_t passes) {
  int64_t pass = 2;
  for (uint64_t i = 0; i < model.code->stageCount; ++i)
    pass += std::clamp<int64_t>(model.code->stages[i].calls, 1, kMostEvents);
  return std::clamp<int64_t>(std::min(pass, kMostEvents) * std::min(passes, kMostEvents), 1,
                             kMostEvents);
}

struct Profiled {
  std::vector<Section> sections;
  std::string trace; ///< events, with commas between
};

/// Runs `count` tokens in passes of `step` and adds what their stages took.
Status profilePasses(Engine &engine, const char *name, const Options &options, int64_t count,
                     int64_t step, LogitsOf wanted, Profiled &out) {
  if (count == 0)
    return {};
  std::vector<int32_t> tokens = someTokens(options.depth + count, engine.model().vocab);
  Profile profile(eventsOf(engine.model(), (count + step - 1) / step));
  engine.profileInto(&profile);
  auto seconds = timePasses(engine, tokens, options.depth, options.depth + count, step, wanted);
  engine.profileInto(nullptr);
  if (!seconds)
    return std::unexpected(seconds.error());
  if (profile.dropped() > 0)
    return error("bench --profile: too many passes to note: fewer tokens, please");
  out.sections.push_back(totalsOf(name, engine.model(), profile));
  if (options.trace) {
    std::string events = traceOf(name, engine.model(), profile);
    out.trace += (out.trace.empty() || events.empty() ? "" : ",\n") + events;
  }
  return {};
}

Status writeTrace(const std::string &path, const std::string &events) {
  int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0)
    return error(path + ": " + strerror(errno));
  Status status =
      writeAll(file, "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n" + events + "\n]}\n", path);
  close(file);
  return status;
}

std::string textOf(const Profiled &profiled, const Machine &machine, const Engine &engine) {
  char text[160];
  int64_t threads = engine.threads();
  std::string report = "code for " + std::string(engine.model().code->name) + "\n";
  snprintf(text, sizeof text, "B: %.2f GB/s are read by %ld threads\n",
           machine.bytesPerSecond * 1e-9, long(threads));
  report += text;
  if (machine.opsPerSecond) {
    snprintf(text, sizeof text, "P: %.1f GOP/s of int8, a multiply-add is two\n",
             *machine.opsPerSecond * 1e-9);
    report += text;
  }
  for (const Section &section : profiled.sections)
    report += tableOf(section, machine);
  return report;
}

std::string lineOf(const Profiled &profiled, const Machine &machine, const Engine &engine) {
  JsonObject json;
  json.add("code", std::string_view(engine.model().code->name));
  json.add("threads", engine.threads()).add("bytes_per_s", machine.bytesPerSecond);
  if (machine.opsPerSecond)
    json.add("ops_per_s", *machine.opsPerSecond);
  for (const Section &section : profiled.sections)
    json.add(section.name, RawJson{jsonOf(section, machine)});
  return json.line();
}

} // namespace

Status runProfile(const abi::Model &model, const Options &options) {
  if (model.code->stageCount == 0 || model.code->device)
    return error("bench --profile: this program does not report its stages");
  Result<Engine> engine = openForPasses(model, options);
  if (!engine)
    return std::unexpected(engine.error());
  Result<Machine> machine = measureMachine(*model.code, engine->threads());
  if (!machine)
    return std::unexpected(machine.error());
  Profiled profiled;
  Status status = profilePasses(*engine, "prefill", options, options.promptTokens, model.maxTokens,
                                LogitsOf::LastToken, profiled);
  if (status)
    status = profilePasses(*engine, "decode", options, options.newTokens, options.batch,
                           LogitsOf::EveryToken, profiled);
  if (!status)
    return status;
  if (options.trace)
    if (status = writeTrace(*options.trace, profiled.trace); !status)
      return status;
  auto report = options.json ? lineOf : textOf;
  return writeOut(report(profiled, *machine, *engine));
}

} // namespace phirt
