// The fake driver: code, from PTX to a launch.

#include "FakeState.h"
#include <cstdio>
#include <cstdlib>
#include <cstring>

using phirt::cuda::kJitInputPtx;
using namespace fakecuda;

/// Text up to a zero, as the driver reads it.
static Code checkImage(const std::string &image, char *log, size_t bytes) {
  if (image.starts_with("CUBIN ") || image.find(".version ") != image.npos) {
    if (image.find("BAD") == image.npos)
      return kSuccess;
    if (log)
      snprintf(log, bytes, "\nptxas fatal   : a bad instruction\nptxas fatal   : aborted\n");
    return kInvalidPtx;
  }
  return kInvalidImage;
}

extern "C" {
Code cuLinkCreate_v2(unsigned, JitOption *, void **, Handle *link) {
  ENTER();
  *link = *state->links.insert(new std::string).first;
  return kSuccess;
}
Code cuLinkAddData_v2(Handle link, int type, void *data, size_t bytes, const char *, unsigned,
                      JitOption *, void **) {
  ENTER();
  auto *text = static_cast<const char *>(data);
  if (type != kJitInputPtx || text[bytes - 1] != 0 || strlen(text) != bytes - 1 ||
      getenv("FAKE_CUDA_NO_LINK"))
    return kInvalidPtx;
  *static_cast<std::string *>(link) = "CUBIN of " + std::string(text);
  return checkImage(text, nullptr, 0);
}
Code cuLinkComplete(Handle link, void **cubin, size_t *bytes) {
  ENTER();
  auto &text = *static_cast<std::string *>(link);
  *cubin = text.data();
  *bytes = text.size() + 1;
  return kSuccess;
}
Code cuLinkDestroy(Handle link) {
  ENTER();
  auto *text = static_cast<std::string *>(link);
  text->assign(text->size(), '?'); // what it gave goes with it
  state->links.erase(text);
  delete text;
  return kSuccess;
}
Code cuModuleLoadDataEx(Handle *module, const void *image, unsigned options, JitOption *names,
                        void **values) {
  ENTER();
  char *log = nullptr;
  size_t bytes = 0;
  for (unsigned i = 0; i < options; ++i) {
    if (names[i] == JitOption::ErrorLog)
      log = static_cast<char *>(values[i]);
    if (names[i] == JitOption::ErrorLogBytes)
      bytes = reinterpret_cast<uintptr_t>(values[i]);
  }
  std::string text = static_cast<const char *>(image);
  if (Code code = checkImage(text, log, bytes))
    return code;
  *module = *state->modules.insert(new FakeModule{text}).first;
  return kSuccess;
}
Code cuModuleUnload(Handle module) {
  ENTER();
  state->modules.erase(static_cast<FakeModule *>(module));
  return kSuccess;
}
Code cuModuleGetFunction(Handle *function, Handle module, const char *name) {
  ENTER();
  if (static_cast<FakeModule *>(module)->image.find(name) == std::string::npos)
    return kNotFound;
  *function = module;
  return kSuccess;
}
}
