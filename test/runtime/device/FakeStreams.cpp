// The fake driver: streams and events.

#include "FakeState.h"

using namespace fakecuda;

extern "C" {
Code cuStreamCreate(Handle *stream, unsigned) {
  ENTER();
  *stream = *state->streams.insert(new FakeStream).first;
  return kSuccess;
}
Code cuStreamSynchronize(Handle stream) {
  ENTER();
  auto *fake = static_cast<FakeStream *>(stream);
  return drain(fake, fake->queued);
}
Code cuStreamDestroy_v2(Handle stream) {
  ENTER();
  state->streams.erase(static_cast<FakeStream *>(stream));
  return kSuccess;
}
Code cuEventCreate(Handle *event, unsigned) {
  ENTER();
  *event = *state->events.insert(new FakeEvent).first;
  return kSuccess;
}
Code cuEventRecord(Handle event, Handle stream) {
  ENTER();
  auto *fake = static_cast<FakeStream *>(stream);
  *static_cast<FakeEvent *>(event) = {fake, fake->queued};
  return kSuccess;
}
Code cuEventSynchronize(Handle event) {
  ENTER();
  auto *fake = static_cast<FakeEvent *>(event);
  return fake->stream ? drain(fake->stream, fake->at) : kSuccess;
}
Code cuEventDestroy_v2(Handle event) {
  ENTER();
  state->events.erase(static_cast<FakeEvent *>(event));
  return kSuccess;
}
}
