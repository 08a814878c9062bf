#pragma once
#include <boost/program_options.hpp>
#include <optional>
#include <string>
#include <vector>

namespace phidias::tool {

/// Parsed options of a verb whose one positional word is MODEL.
struct Parsed {
  boost::program_options::variables_map values;
  int exitCode = 0;  ///< meaningful where stop is true
  bool stop = false; ///< help was shown, or usage was wrong and said so
};

/// Parses `words`; prints help or what is wrong. Exceptions end here.
Parsed parse(const std::vector<std::string> &words,
             const boost::program_options::options_description &options, const std::string &usage);

} // namespace phidias::tool
