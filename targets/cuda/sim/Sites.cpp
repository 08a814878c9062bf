#include "targets/cuda/sim/Sites.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace phidias::sim {

/// "memref.load memref<8xf32>": what it does to which kind of memory.
static void printOp(llvm::raw_ostream &out, Operation *op) {
  out << op->getName();
  for (Value operand : op->getOperands())
    if (isa<MemRefType>(operand.getType())) {
      out << ' ' << operand.getType();
      return;
    }
}

static void printLocation(llvm::raw_ostream &out, Location loc) {
  if (auto name = dyn_cast<NameLoc>(loc))
    out << name.getName().getValue();
  else if (auto file = dyn_cast<FileLineColLoc>(loc))
    out << file.getFilename().getValue() << ':' << file.getLine() << ':' << file.getColumn();
  else
    out << loc;
}

int64_t Sites::add(Operation *op) {
  std::string line;
  llvm::raw_string_ostream out(line);
  if (auto function = op->getParentOfType<func::FuncOp>())
    out << function.getName();
  out << '\t';
  printOp(out, op);
  out << '\t';
  printLocation(out, op->getLoc());
  for (char &c : line)
    if (c == '\n')
      c = ' ';
  lines += line + "\n";
  return count++;
}

} // namespace phidias::sim
