#pragma once
/// Where the compiler and the runtime meet: the descriptor that `phidias compile` emits into a
/// program, the call that runs the model, and the header of a weights file. Everything is
/// little-endian and 64-bit. Change anything here, and `kVersion` changes with it.

#include "phirt/abi/Blob.h"
#include "phirt/abi/Choice.h"
#include <cstddef>
#include <cstdint>

namespace phirt::abi {

inline constexpr uint32_t kVersion = 10;
/// The cache keeps keys of so many positions side by side.
inline constexpr int64_t kCapacityUnit = 16;

/// What one pass over some tokens reads and writes. Every thread of the team gets a copy that
/// differs in `thread` alone.
struct ForwardArgs {
  const std::byte *weights; ///< first byte of the weights file's data (after its header)
  std::byte *arena; ///< Code::arenaBytes bytes, 64-byte aligned; contents undefined between passes
  std::byte *scratch; ///< Code::scratchBytes for each thread, one after the other, 64-byte aligned
  std::byte *cache;   ///< Model::cacheBytesPerPosition * capacity bytes, 64-byte aligned
  const int32_t *tokens; ///< [count], each in [0, vocab)
  float *logits;         ///< [logitRows, vocab]
  int64_t count;         ///< tokens of this pass, 1..Model::maxTokens
  int64_t position;      ///< position of tokens[0]; position + count <= capacity
  int64_t capacity;      ///< positions that the cache holds, a multiple of kCapacityUnit
  int64_t logitRows;     ///< logits are wanted of the last so many tokens, 0..count
  int64_t longRope; ///< 1: LongRoPE's long factors hold (the sequence is longer than the original
                    ///< context)
  int64_t thread;   ///< 0..threads-1
  int64_t threads;
  int64_t pieces; ///< into how many pieces a region of a stage is cut at most, threads at least.
                  ///< Thread i begins with piece i, and goes on with what phirt_claim gives
  void *claims;   ///< handed to phirt_claim
  void *barrier;  ///< handed to phirt_barrier
  void *profile;  ///< null, or handed to phirt_stage at the end of every stage
  Choice *choice; ///< null, or where Code::chooses: how the last row's token is chosen, and which
                  ///< it is; logitRows is 1 at least then
  int64_t firstRegion;  ///< of a device, as the next two: a launch runs regions from this one on,
  int64_t regionCount;  ///< so many; kAllRegions: the pass, from 0 on
  int64_t narrowBlocks; ///< how many blocks share a region that is not wide: `threads`, or 1
};
inline constexpr int64_t kAllRegions = 0xffffffff;

/// Runs the model on ForwardArgs::count tokens: appends to the cache, fills the logits. Called by
/// every thread.
using Forward = void(const ForwardArgs *);

/// A stage of a pass: what lies between two barriers. `bench --profile` reports one line a stage.
struct StageInfo {
  const char *name;      ///< zero-terminated; several stages may share one
  uint64_t weightBytes;  ///< bytes of weights that one pass reads in it, over all its calls
  uint64_t macsPerToken; ///< multiply-adds with weights of one token, over all its calls
  int64_t logitRows;     ///< 1: it computes the rows whose logits are wanted, not every token
  int64_t calls;         ///< times that it ends in one pass: 40 in a loop over 40 layers
};

/// Executes a known number of int8 operations in registers, as fast as the target can; by every
/// thread at once.
using Peak = void(int64_t iterations);

/// A word of what a processor, and the system on it, says of itself. New machines append theirs.
enum class FeatureWord : uint64_t {
  X86Leaf1Ecx,      ///< cpuid 1
  X86Leaf7Ebx,      ///< cpuid 7, 0
  X86Leaf7Ecx,      ///<
  X86Leaf7Edx,      ///<
  X86Leaf7Sub1Eax,  ///< cpuid 7, 1
  X86Leaf7Sub1Edx,  ///<
  X86Extended1Ecx,  ///< cpuid 0x80000001
  X86EnabledStates, ///< XCR0: registers that the system saves; 0 where it does not say
  ArmHwcap,         ///< getauxval(AT_HWCAP)
  ArmHwcap2,        ///< getauxval(AT_HWCAP2)
  ArmVectorBytes,   ///< bit i is set where an SVE vector has at least 2^i bytes; 0 without SVE
  Count_
};

/// One thing that code needs: all bits of `mask` in a word.
struct Feature {
  const char *name; ///< as its makers call it: "avx512vnni"; zero-terminated
  FeatureWord word;
  uint64_t mask;
};

/// A pass over the model for one kind of GPU, as text that its driver compiles.
struct DeviceImage {
  uint32_t capability;  ///< 80, 86, 89, 90: the least that it runs on
  uint32_t exact;       ///< 1: on that capability alone, as sm_90a
  const char *ptx;      ///< zero-terminated, or packed
  uint64_t bytes;       ///< of the text, without its zero
  uint64_t packedBytes; ///< of `ptx`, where it is a block in LZ4's format; 0: it is the text itself
  uint64_t sharedBytes; ///< DeviceCode::sharedBytes of this image; 0: the same
  uint64_t wholeOnly;   ///< 1: each launch runs the whole pass, kAllRegions
};

/// How blocks run a region where a launch runs several, all but the first of them by the block
/// that has done last with the first.
enum class RegionKind : uint32_t {
  Wide,   ///< by all blocks: it is the first of a launch
  Narrow, ///< by all blocks and so the first, or in a short pass by one
  Joined, ///< by one block, in the launch of the region before it
};

/// What lies before a barrier of a pass.
struct Region {
  RegionKind kind;
  uint32_t stage; ///< Code::stages
};

/// A pass over the model as a kernel. It takes one ForwardArgs by value, in which all pointers are
/// the device's, and is launched as a cooperative grid of as many blocks as
/// run at once, ForwardArgs::threads, at most 65535. A block is what a thread of a team is: its own
/// number it has from the grid, pieces are as many as threads, it claims nothing, and meets the
/// others by a word of the module (`ForwardArgs::barrier` is the simulator's). Where blocks cannot
/// meet, a pass is a chain of launches, each of a stretch of its regions (device/Chain.h).
struct DeviceCode {
  const DeviceImage *images; ///< [imageCount], all of the same pass
  uint64_t imageCount;
  const char *kernel;    ///< its name in each of them, zero-terminated
  uint32_t blockThreads; ///< of a block
  uint32_t sharedBytes;  ///< dynamic shared memory of a block
  const Region *regions; ///< [regionCount], of a pass in the order in which they run
  uint64_t regionCount;
};
inline constexpr uint64_t kDeviceBarrierBytes = 256;

/// The model as code for one kind of machine. A program may carry several.
struct Code {
  const char *name;        ///< "native (znver4)", "x86-64-v4+avx512vnni"; zero-terminated
  const Feature *features; ///< [featureCount], all of them needed
  uint64_t featureCount;
  Forward *forward;         ///< null where `device` is not
  const DeviceCode *device; ///< null: it runs on the processor
  uint64_t arenaBytes;
  uint64_t scratchBytes;      ///< of a thread, a multiple of 64
  const StageInfo *stages;    ///< [stageCount], numbered as for phirt_stage
  uint64_t stageCount;        ///< 0: the code does not report its stages
  Peak *peak;                 ///< null: the code cannot tell its peak
  double peakOpsPerIteration; ///< of one thread; a multiply-add is two
  uint64_t chooses;           ///< 1: the pass heeds ForwardArgs::choice; 0: there is none
};

/// Generation defaults from generation_config.json, in transformers' terms.
struct GenerationDefaults {
  double temperature;       ///< 1: as the model says
  double topP;              ///< 1: off
  double minP;              ///< 0: off
  double repetitionPenalty; ///< 1: off
  int64_t topK;             ///< 0: off
  int64_t doSample;         ///< 0: greedy
};

/// The descriptor: one constant named `phirt_model` in every compiled program.
struct Model {
  char magic[8];               ///< "PHIDIAS\0"
  uint32_t abiVersion;         ///< kVersion
  uint32_t flags;              ///< 0
  unsigned char weightsId[32]; ///< the id in the weights file's header
  unsigned char
      programHash[32];     ///< BLAKE3 of the program file with these 32 bytes zero; for `verify`
  uint64_t weightsBytes;   ///< length of the whole weights file
  const char *name;        ///< the model's name, zero-terminated
  const char *description; ///< one line: architecture, sizes, format, target; zero-terminated
  int64_t vocab, layers, hidden;
  int64_t maxContext;      ///< max_position_embeddings
  int64_t originalContext; ///< LongRoPE's boundary; 0 where the model has none
  int64_t maxTokens;       ///< most tokens that one pass takes
  uint64_t
      cacheBytesPerPosition; ///< over all layers; layout [layer][k|v][kvHead][position][headDim]
  const int32_t *stopIds;    ///< [stopCount], any of them ends an answer
  uint64_t stopCount;
  int64_t bosId; ///< -1 where there is none
  GenerationDefaults generation;
  Blob tokenizer;     ///< phirt/abi/Tokenizer.h; size 0: the checkpoint had none
  Blob chatTemplate;  ///< phirt/abi/Template.h; size 0: the checkpoint had none
  const Code *code;   ///< what runs: null in the program, set in the runtime's copy (Code.h)
  const Code *codes;  ///< [codeCount], the best first
  uint64_t codeCount; ///< at least 1
};

/// The first 4096 bytes of a weights file; the data follows.
struct WeightsHeader {
  char magic[8]; ///< "PHIWGHT\0"
  uint32_t abiVersion;
  uint32_t flags;       ///< 0
  unsigned char id[32]; ///< BLAKE3 of (BLAKE3 of the data, layout text, abi version): see `layout`
  uint64_t fileBytes;
  uint64_t layoutBytes;       ///< length of `layout`, at most sizeof(layout)
  unsigned char dataHash[32]; ///< BLAKE3 of all bytes after the header
  char layout[4000];          ///< canonical text that names the layout, a part of the id
};
static_assert(sizeof(WeightsHeader) == 4096);

} // namespace phirt::abi

extern "C" {
/// The descriptor of the program.
extern const phirt::abi::Model phirt_model;
/// Meets all threads of the team; every write before it is seen by all after it.
void phirt_barrier(void *barrier);
/// The next piece of the region at hand for the thread that calls, which has done with its last
/// one: `threads`, `threads` + 1, ... up to the barrier that ends the region, each number to one
/// thread. Null, where every thread has its one piece: none, a number above all pieces.
int64_t phirt_claim(void *claims);
/// Notes that the stage has ended. Called by thread 0 alone, after the stage's barrier, where
/// ForwardArgs::profile is not null.
void phirt_stage(void *profile, int64_t stage);
}
