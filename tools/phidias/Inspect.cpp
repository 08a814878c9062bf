#include "phidias/Import/Inspect.h"
#include "Options.h"
#include "Verbs.h"
#include "llvm/Support/raw_ostream.h"

namespace po = boost::program_options;

namespace phidias::tool {

int inspectVerb(const std::vector<std::string> &words) {
  po::options_description options("Options");
  options.add_options()("json", "print JSON");
  Parsed parsed = parse(words, options, "usage: phidias inspect MODEL [--json]");
  if (parsed.stop)
    return parsed.exitCode;
  std::vector<std::string> unsupported;
  auto model = readModelLeniently(parsed.values["model"].as<std::string>(), unsupported);
  if (!model) {
    llvm::errs() << "phidias: error: " << llvm::toString(model.takeError()) << '\n';
    return 1;
  }
  if (parsed.values.count("json"))
    llvm::outs() << llvm::formatv("{0:2}\n", inspectJson(*model, unsupported));
  else
    llvm::outs() << inspectText(*model, unsupported);
  return 0;
}

} // namespace phidias::tool
