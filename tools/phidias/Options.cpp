#include "Options.h"
#include <cstdio>
#include <sstream>

namespace po = boost::program_options;

namespace phidias::tool {

static Parsed wrongUsage(const std::string &message) {
  std::fprintf(stderr, "phidias: %s\n", message.c_str());
  return {{}, 2, true};
}

Parsed parse(const std::vector<std::string> &words, const po::options_description &options,
             const std::string &usage) {
  po::options_description all(options);
  all.add_options()("help,h", "show this help");
  po::options_description withModel(all);
  withModel.add_options()("model", po::value<std::string>());
  po::positional_options_description positional;
  positional.add("model", 1);
  Parsed parsed;
  try {
    auto style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    po::store(
        po::command_line_parser(words).options(withModel).positional(positional).style(style).run(),
        parsed.values);
    po::notify(parsed.values);
  } catch (const po::error &failure) {
    return wrongUsage(failure.what());
  }
  if (parsed.values.count("help")) {
    std::ostringstream text;
    text << usage << "\n\n" << all;
    std::fputs(text.str().c_str(), stdout);
    return {{}, 0, true};
  }
  if (!parsed.values.count("model"))
    return wrongUsage("expected a MODEL: a folder or a .gguf file");
  return parsed;
}

} // namespace phidias::tool
