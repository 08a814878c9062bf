#pragma once
/// What every reader of a checkpoint format produces: names, types, shapes and mapped bytes.

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include <memory>
#include <string>
#include <vector>

namespace phidias {

/// How a checkpoint stores the elements of a tensor.
enum class ElementType : uint8_t { F32, F16, BF16, Q4_0, Q4_1, Q8_0, Q6_K };

/// Elements are stored in blocks: 1 element for floats, 32 or 256 along a row for GGUF's quantised
/// types.
struct ElementLayout {
  llvm::StringLiteral name; ///< "f32", "q4_1", ...
  int64_t blockElements;
  int64_t blockBytes;
};
const ElementLayout &layoutOf(ElementType type);

/// Writes `count` elements (a multiple of the block) starting at `source` to `target` as f32. The
/// formulas are those of gguf-py's `quants.py`.
void decodeElements(ElementType type, const uint8_t *source, int64_t count, float *target);

/// A tensor of a checkpoint: where its bytes lie. Readers guarantee that they lie inside the file,
/// that they are as many as shape and type ask for, and that no two tensors overlap.
struct TensorInfo {
  std::string name;
  ElementType type;
  llvm::SmallVector<int64_t, 4> shape; ///< outermost first, row-major
  unsigned file;                       ///< index into Checkpoint::files
  uint64_t offset;                     ///< from the start of the file
  uint64_t bytes;
};

/// A file mapped read-only.
struct CheckpointFile {
  std::string path;
  std::unique_ptr<llvm::MemoryBuffer> buffer;
};

struct Checkpoint {
  std::string path; ///< as the user gave it
  std::vector<CheckpointFile> files;
  std::vector<TensorInfo> tensors;        ///< in file order
  llvm::StringMap<unsigned> tensorByName; ///< index into tensors

  const TensorInfo *find(llvm::StringRef name) const;
  llvm::ArrayRef<uint8_t> bytes(const TensorInfo &tensor) const;
};

} // namespace phidias
