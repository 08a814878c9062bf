#include "Overrides.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;

namespace phidias::schedule {

static constexpr StringLiteral kFields[] = {"streams", "prefetch", "tokens",
                                            "panels",  "chunk",    "few_prefetch"};

static Error fail(StringRef path, unsigned line, const Twine &what) {
  return createStringError((path + ":" + Twine(line) + ": " + what).str().c_str());
}

static Error readFields(StringRef text, StringRef path, Override &result) {
  SmallVector<StringRef> parts;
  text.split(parts, ',');
  for (StringRef part : parts) {
    auto [name, number] = part.split('=');
    name = name.trim();
    int64_t value;
    if (!is_contained(kFields, name))
      return fail(path, result.line,
                  "'" + name + "' is no field of a schedule: expected " +
                      join(ArrayRef(kFields), ", "));
    if (number.trim().getAsInteger(10, value) || value < 0)
      return fail(path, result.line, name + " needs a number, got '" + number.trim() + "'");
    result.fields.emplace_back(name.str(), value);
  }
  return Error::success();
}

Expected<std::vector<Override>> readOverrides(StringRef path) {
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/true);
  if (!buffer)
    return createStringError(buffer.getError(), "%s: cannot read the schedule: %s",
                             path.str().c_str(), buffer.getError().message().c_str());
  std::vector<Override> overrides;
  SmallVector<StringRef> lines;
  (*buffer)->getBuffer().split(lines, '\n');
  for (auto [i, whole] : enumerate(lines)) {
    StringRef line = whole.trim();
    if (line.empty() || line.starts_with("#"))
      continue;
    size_t space = line.find_first_of(" \t");
    Override result{line.take_front(space).str(), {}, static_cast<unsigned>(i + 1)};
    if (space == StringRef::npos)
      return fail(path, result.line, "expected a stage and the fields of its schedule");
    if (Error failure = readFields(line.drop_front(space), path, result))
      return failure;
    overrides.push_back(std::move(result));
  }
  return overrides;
}

phi::ScheduleAttr applyOverrides(phi::ScheduleAttr schedule, StringRef stage,
                                 ArrayRef<Override> overrides) {
  int64_t values[] = {schedule.getStreams(), schedule.getPrefetch(), schedule.getTokens(),
                      schedule.getPanels(),  schedule.getChunk(),    schedule.getFewPrefetch()};
  for (const Override &override : overrides)
    if (override.stage == "*" || override.stage == stage)
      for (const auto &[name, value] : override.fields)
        values[find(kFields, name) - std::begin(kFields)] = value;
  auto emit = [&] {
    return mlir::emitError(mlir::UnknownLoc::get(schedule.getContext()))
           << "schedule of stage \"" << stage << "\": ";
  };
  return phi::ScheduleAttr::getChecked(emit, schedule.getContext(), values[0], values[1], values[2],
                                       values[3], values[4], values[5]);
}

} // namespace phidias::schedule
