#include "model/Sequence.h"
#include "support/Interrupt.h"
#include <algorithm>

namespace phirt {

Sequence::Sequence(Engine &engine) : engine(engine) { tokens.reserve(engine.capacity()); }

bool Sequence::wantsLongRope(int64_t length) const {
  int64_t boundary = engine.model().originalContext;
  return boundary > 0 && length > boundary;
}

Status Sequence::checkTokens(std::span<const int32_t> ids) const {
  int64_t vocab = engine.model().vocab;
  if (ids.empty())
    return error("the prompt is empty");
  if (static_cast<int64_t>(ids.size()) > engine.capacity())
    return error("the prompt has " + std::to_string(ids.size()) +
                 " tokens, more than the context of " + std::to_string(engine.capacity()) +
                 " (see --context)");
  for (int32_t id : ids)
    if (id < 0 || id >= vocab)
      return error("token " + std::to_string(id) + " is not in the vocabulary of " +
                   std::to_string(vocab));
  return {};
}

/// Forgets what lies behind `position`: the cache does not hold it.
void Sequence::cutTo(int64_t position) {
  tokens.resize(position);
  cached = position;
}

Result<const float *> Sequence::computeFrom(int64_t position, abi::Choice *choice) {
  Result<const float *> logits = nullptr;
  std::span<const int32_t> all = tokens;
  for (int64_t end = length(), start = position; position < end;) {
    if (position > start && takeInterrupt()) {
      cutTo(position);
      return nullptr;
    }
    int64_t count = std::min(end - position, engine.model().maxTokens);
    bool isLast = position + count == end;
    logits = engine.forward(all.subspan(position, count), position, isLast ? 1 : 0, longRope,
                            isLast ? choice : nullptr);
    if (!logits) {
      cutTo(position);
      return logits;
    }
    position += count;
  }
  cached = length();
  return logits;
}

Result<const float *> Sequence::become(std::span<const int32_t> wanted, abi::Choice *choice) {
  if (Status status = checkTokens(wanted); !status)
    return std::unexpected(status.error());
  bool isLong = wantsLongRope(static_cast<int64_t>(wanted.size()));
  auto known = std::span<const int32_t>(tokens).first(isLong == longRope ? cached : 0);
  // The last token is computed in any case: its logits are wanted.
  auto last = std::mismatch(known.begin(), known.end(), wanted.begin(), wanted.end() - 1);
  reusedTokens = last.first - known.begin();
  longRope = isLong;
  tokens.assign(wanted.begin(), wanted.end());
  return computeFrom(reusedTokens, choice);
}

Result<const float *> Sequence::append(int32_t token, abi::Choice *choice) {
  if (length() == engine.capacity())
    return error("the context of " + std::to_string(engine.capacity()) + " tokens is full");
  if (Status status = checkTokens({&token, 1}); !status)
    return std::unexpected(status.error());
  tokens.push_back(token);
  if (wantsLongRope(length()) == longRope)
    return computeFrom(cached, choice);
  longRope = !longRope;
  return computeFrom(0, choice);
}

Status Sequence::scan(std::span<const int32_t> wanted, const OnRows &onRows) {
  if (Status status = checkTokens(wanted); !status)
    return status;
  tokens.assign(wanted.begin(), wanted.end());
  longRope = wantsLongRope(length());
  cached = 0;
  while (cached < length()) {
    int64_t count = std::min(length() - cached, engine.model().maxTokens);
    auto logits = engine.forward(wanted.subspan(cached, count), cached, count, longRope);
    if (!logits)
      return std::unexpected(logits.error());
    cached += count;
    if (Status status = onRows(*logits, count); !status)
      return status;
  }
  return {};
}

} // namespace phirt
