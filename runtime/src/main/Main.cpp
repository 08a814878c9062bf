#include "args/Parse.h"
#include "verbs/Verbs.h"
#include <csignal>
#include <cstdio>

/// Says what went wrong; gives the exit status.
static int fail(const phirt::Error &error, int status) {
  fprintf(stderr, "phidias: error: %s\n", error.message.c_str());
  return status;
}

int main(int argc, char **argv) {
  signal(SIGPIPE, SIG_IGN); // a closed pipe is an error of write, and told as such
  auto arguments = std::span<const char *const>(argv, argc).subspan(argc > 0 ? 1 : 0);
  phirt::Result<phirt::Options> options = phirt::parseArguments(arguments);
  if (!options)
    return fail(options.error(), 2);
  phirt::Status status = phirt::runVerb(phirt_model, *options);
  return status ? 0 : fail(status.error(), 1);
}
