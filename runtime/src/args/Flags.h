#pragma once
#include "args/Options.h"
#include "phirt/Status.h"
#include <span>
#include <string_view>

namespace phirt {

/// One flag: what it is called, which verbs take it, and how its value enters the options.
struct Flag {
  std::string_view name;  ///< "--top-k"
  std::string_view value; ///< "K" in the help; empty: a switch
  uint32_t verbs;         ///< bit (1 << Verb) for each verb that takes it
  Status (*set)(Options &, std::string_view text);
  std::string_view help;
};

struct VerbName {
  std::string_view name;
  Verb verb;
  std::string_view usage; ///< its words in the help
  std::string_view help;
};

std::span<const Flag> allFlags();
std::span<const VerbName> allVerbs();

constexpr uint32_t verbBit(Verb verb) { return 1u << static_cast<uint32_t>(verb); }

} // namespace phirt
