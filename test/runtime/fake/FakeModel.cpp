// A toy model in the place of a compiled one: the likeliest token after t is t + 1, or t + 2 under
// LongRoPE's long factors. It looks at its cache: a position that was left out, or that lies there
// with the other factors, makes every logit 0, so that the answer shows it.
//
// With FAKE_TABLES (tokenizer.bin and template.bin in --embed-dir) it has text: a token a byte,
// then the special ones of Inputs/bytes.json. After <|assistant|> comes A, after Z <|end|>.
#include "phirt/abi.h"
#include <iterator>

using phirt::abi::ForwardArgs;

namespace {

#ifdef FAKE_TABLES
constexpr int64_t kVocab = 300;
constexpr int32_t kStopIds[] = {257};

int64_t follower(int64_t token) { return token == 258 ? 'A' : token == 'Z' ? 257 : token + 1; }
#else
constexpr int64_t kVocab = 100;
constexpr int32_t kStopIds[] = {7, 99};

int64_t follower(int64_t token) { return token + 1; }
#endif

/// What the cache holds of a position: 8 bytes.
struct Entry {
  int32_t token;
  int32_t mark; ///< 1 + longRope
};

void appendToCache(const ForwardArgs &args) {
  auto *cache = reinterpret_cast<Entry *>(args.cache);
  for (int64_t i = args.thread; i < args.count; i += args.threads)
    cache[args.position + i] = {args.tokens[i], static_cast<int32_t>(1 + args.longRope)};
}

bool cacheIsSound(const ForwardArgs &args, int64_t length) {
  auto *cache = reinterpret_cast<const Entry *>(args.cache);
  for (int64_t i = 0; i < length; ++i)
    if (cache[i].mark != 1 + args.longRope)
      return false;
  return true;
}

/// The part of a row that lies in a piece.
void writeLogits(const ForwardArgs &args, int64_t row, int64_t piece) {
  int64_t index = args.count - args.logitRows + row;
  bool isSound = cacheIsSound(args, args.position + index + 1);
  int64_t next = (follower(args.tokens[index]) + args.longRope) % kVocab;
  for (int64_t id = piece; id < kVocab; id += args.pieces)
    args.logits[row * kVocab + id] =
        isSound && id == next ? static_cast<float>(args.weights[0]) : 0;
}

void endStage(const ForwardArgs &args, int64_t stage) {
  phirt_barrier(args.barrier);
  if (args.profile && args.thread == 0)
    phirt_stage(args.profile, stage);
}

[[maybe_unused]] constexpr phirt::abi::StageInfo kStages[] = {{"append", 0, 0, 0, 1},
                                                              {"logits", 8192, 50, 1, 1}};

/// 2 operations an iteration.
[[maybe_unused]] void peak(int64_t iterations) {
  volatile int sink = 0;
  for (int64_t i = 0; i < iterations; ++i)
    sink = sink * 3 + 1;
}

[[maybe_unused]] void forward(const ForwardArgs *args) {
  appendToCache(*args);
  endStage(*args, 0);
  for (int64_t piece = args->thread; piece < args->pieces; piece = phirt_claim(args->claims))
    for (int64_t row = 0; row < args->logitRows; ++row)
      writeLogits(*args, row, piece);
  if (args->logitRows > 0)
    endStage(*args, 1);
  phirt_barrier(args->barrier);
}

/// Code for a machine that no one has: bit 63 of XCR0 is never set.
void forwardOnTheMoon(const ForwardArgs *) { __builtin_trap(); }

constexpr phirt::abi::Feature kMoon[] = {
    {"fma", phirt::abi::FeatureWord::X86Leaf1Ecx, 0},
    {"moonbeams", phirt::abi::FeatureWord::X86EnabledStates, uint64_t(1) << 63},
    {"tides", phirt::abi::FeatureWord::Count_, 1}};

constexpr phirt::abi::Code kCodes[] = {
    {"the moon", kMoon, std::size(kMoon), forwardOnTheMoon, nullptr, 4096, 0, nullptr, 0, nullptr,
     0, 0},
#ifndef FAKE_NEEDS
    {"any machine", nullptr, 0, forward, nullptr, 4096, 0, kStages, std::size(kStages),
#ifdef FAKE_TABLES
     nullptr, 0, 0},
#else
     peak, 2, 0},
#endif
#endif
};

} // namespace

#ifdef FAKE_TABLES
alignas(16) static const unsigned char fakeTokenizer[] = {
#embed "tokenizer.bin"
};
alignas(16) static const unsigned char fakeTemplate[] = {
#embed "template.bin"
};
#endif

extern "C" {
extern const phirt::abi::Model phirt_model;
constinit const phirt::abi::Model phirt_model = {
    .magic = {'P', 'H', 'I', 'D', 'I', 'A', 'S', 0},
    .abiVersion = phirt::abi::kVersion,
    .flags = 0,
    .weightsId = {1, 2, 3, 4},
    .programHash = {},
    .weightsBytes = 4096 + 8192,
    .name = "fake",
    .description = "counts upwards",
    .vocab = kVocab,
    .layers = 1,
    .hidden = 1,
    .maxContext = 256,
    .originalContext = 64,
    .maxTokens = 16,
    .cacheBytesPerPosition = sizeof(Entry),
    .stopIds = kStopIds,
    .stopCount = std::size(kStopIds),
    .bosId = -1,
    .generation = {1, 1, 0, 1, 0, 0},
#ifdef FAKE_TABLES
    .tokenizer = {fakeTokenizer, sizeof fakeTokenizer},
    .chatTemplate = {fakeTemplate, sizeof fakeTemplate},
#else
    .tokenizer = {nullptr, 0},
    .chatTemplate = {nullptr, 0},
#endif
    .code = &std::end(kCodes)[-1], // what the unit tests run
    .codes = kCodes,
    .codeCount = std::size(kCodes),
};
}
