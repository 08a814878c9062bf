#pragma once
/// Packs one weight of a checkpoint made in memory.

#include "PanelReader.h"
#include "dialects/phi/Formats.h"
#include "mlir/IR/Builders.h"
#include "mlir/Pass/PassManager.h"
#include "phidias/Pack/Passes.h"
#include "phidias/Pack/WriteWeights.h"
#include "phirt/abi.h"
#include "llvm/Support/FileSystem.h"
#include <gtest/gtest.h>

namespace phidias::test {

struct Part {
  std::string element; ///< "q4_0", ...
  int64_t rows;
  int64_t permutedHeads = 0;
  std::vector<uint8_t> bytes;
};

/// A weight of `parts`, stacked, which becomes `type`.
struct Packed {
  mlir::MLIRContext context;
  Checkpoint checkpoint;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  phi::WeightOp weight;
  std::string data; ///< of the weights file, after the header
  std::string error;

  Packed() { context.loadDialect<phi::PhiDialect>(); }

  phi::WeightOp add(llvm::ArrayRef<Part> parts, int64_t columns, mlir::Type type,
                    mlir::Type through = {}) {
    mlir::OpBuilder b(&context);
    module = mlir::ModuleOp::create(b.getUnknownLoc());
    b.setInsertionPointToEnd(module->getBody());
    llvm::SmallVector<mlir::Attribute> attributes;
    llvm::SmallVector<int64_t> sources;
    std::string file(24, '\0');
    int64_t rows = 0;
    for (const Part &part : parts) {
      attributes.push_back(phi::PartAttr::get(&context, part.rows, b.getStringAttr(part.element),
                                              part.permutedHeads));
      sources.append({0, static_cast<int64_t>(file.size())});
      file.append(part.bytes.begin(), part.bytes.end());
      rows += part.rows;
    }
    checkpoint.files.push_back({"memory", llvm::MemoryBuffer::getMemBufferCopy(file)});
    auto shape =
        mlir::RankedTensorType::get({1, static_cast<int64_t>(parts.size()), 2}, b.getI64Type());
    weight = phi::WeightOp::create(
        b, b.getUnknownLoc(), b.getStringAttr("w"), b.getI64IntegerAttr(0),
        mlir::TypeAttr::get(mlir::RankedTensorType::get({rows, columns}, type)),
        b.getArrayAttr(attributes), mlir::DenseIntElementsAttr::get(shape, sources),
        phi::PackedAttr(), through ? mlir::TypeAttr::get(through) : mlir::TypeAttr());
    return weight;
  }

  void pack(bool panels) {
    mlir::PassManager pm(&context);
    pm.addPass(createAssignLayoutPass({panels}));
    ASSERT_TRUE(mlir::succeeded(pm.run(*module)));
    llvm::SmallString<128> path;
    ASSERT_FALSE(llvm::sys::fs::createTemporaryFile("phidias-pack", "weights", path));
    auto written = writeWeights(*module, checkpoint, path, [](uint64_t, uint64_t) {});
    if (written) {
      auto buffer = llvm::MemoryBuffer::getFile(path);
      data = (*buffer)->getBuffer().drop_front(sizeof(phirt::abi::WeightsHeader)).str();
    } else {
      error = llvm::toString(written.takeError());
    }
    llvm::sys::fs::remove(path);
  }

  PanelReader reader() {
    auto *bytes = reinterpret_cast<const uint8_t *>(data.data());
    mlir::RankedTensorType type = weight.getTensorType();
    return {{bytes, data.size()}, type.getElementType(), type.getDimSize(1)};
  }
};

} // namespace phidias::test
