// The report as a table, and as JSON.

#include "Device.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace phidias {

static double milliseconds(const StageReport &r, double gigabytesPerSecond) {
  return r.bytes / gigabytesPerSecond * 1e-6;
}

static std::string tileOf(const StageReport &r) {
  if (r.weight.empty())
    return "-";
  return formatv("{0}x{1}, {2}", r.panels, r.tokens, r.chunk);
}

static std::string row(const StageReport &r, double bandwidth) {
  if (r.weight.empty())
    return formatv("{0,-10} {1,5}  -\n", r.name, r.calls);
  return formatv("{0,-10} {1,5}  {2,-13} {3,-13} {4,-13} {5,4} {6,4} {7,10:F2} {8,10:F2} {9,9:F3} "
                 "{10,8:F1}  {11}{12}\n",
                 r.name, r.calls, r.weight, formatv("{0}x{1}", r.rows, r.columns).str(), tileOf(r),
                 r.streams, r.prefetch, r.bytes * 1e-6, r.opsPerToken * 1e-6,
                 milliseconds(r, bandwidth), r.block ? 100 * r.block->ceiling : 0,
                 r.product.instruction + (r.product.native ? "" : " (emulated)"),
                 r.shortfall.empty() ? "" : "  (!)");
}

std::string reportTable(const TargetSpec &target, const std::vector<StageReport> &stages,
                        double bandwidth, const DeviceReport &device) {
  std::string text =
      formatv("code for {0} ({1}); decode at {2:F1} GB/s\n{3,-10} {4,5}  {5,-13} "
              "{6,-13} {7,-13} {8,4} {9,4} {10,10} {11,10} {12,9} {13,8}  {14}\n",
              target.name, target.cpu, bandwidth, "stage", "calls", "weight", "shape",
              "tile, chunk", "str", "pre", "MB", "MOP/token", "decode ms", "% of P", "product");
  StageReport all;
  for (const StageReport &stage : stages) {
    text += row(stage, bandwidth);
    all.bytes += stage.bytes;
    all.opsPerToken += stage.opsPerToken;
  }
  double ms = milliseconds(all, bandwidth);
  text += formatv("{0,-67} {1,10:F2} {2,10:F2} {3,9:F3}  at most {4:F2} tokens/s\n", "total",
                  all.bytes * 1e-6, all.opsPerToken * 1e-6, ms, ms > 0 ? 1e3 / ms : 0);
  for (const StageReport &stage : stages)
    if (!stage.shortfall.empty())
      text += formatv("(!) {0}: {1}\n", stage.name, stage.shortfall);
  return text + report::deviceLines(device);
}

static json::Object objectOf(const StageReport &r, double bandwidth) {
  json::Object o{{"name", r.name}, {"calls", r.calls}};
  if (r.weight.empty())
    return o;
  o["weight"] = json::Object{{"type", r.weight}, {"rows", r.rows}, {"columns", r.columns}};
  o["schedule"] = json::Object{{"streams", r.streams},
                               {"prefetch", r.prefetch},
                               {"tokens", r.tokens},
                               {"panels", r.panels},
                               {"chunk", r.chunk}};
  o["bytes"] = static_cast<int64_t>(r.bytes);
  o["ops_per_token"] = static_cast<int64_t>(r.opsPerToken);
  o["decode_ms"] = milliseconds(r, bandwidth);
  o["product"] = json::Object{{"instruction", r.product.instruction},
                              {"native", r.product.native},
                              {"count", r.product.count}};
  if (r.block)
    o["inner_block"] = json::Object{{"products", r.block->products},
                                    {"others", r.block->others},
                                    {"loads", r.block->loads},
                                    {"peak_share", r.block->ceiling}};
  if (!r.shortfall.empty())
    o["shortfall"] = r.shortfall;
  return o;
}

std::string reportJson(const TargetSpec &target, const std::vector<StageReport> &stages,
                       double bandwidth, const DeviceReport &device) {
  json::Array list;
  for (const StageReport &stage : stages)
    list.push_back(objectOf(stage, bandwidth));
  json::Object all{{"target", target.name},
                   {"cpu", target.cpu},
                   {"bytes_per_s", bandwidth * 1e9},
                   {"stages", std::move(list)}};
  if (!device.program.images.empty())
    all["device"] = report::deviceObject(device);
  std::string text;
  raw_string_ostream(text) << json::Value(std::move(all));
  return text;
}

} // namespace phidias
