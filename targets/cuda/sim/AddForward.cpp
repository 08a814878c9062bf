// phi-cuda-add-sim-forward: phi_forward describes the kernel and launches it.

#include "phidias/Emit/Emit.h"
#include "targets/cuda/Block.h"
#include "targets/cuda/sim/Passes.h"
#include "targets/cuda/sim/SimBuilder.h"

using namespace mlir;
using namespace phidias::sim;
using phirt::abi::SimKernel;

namespace phidias {
#define GEN_PASS_DEF_CUDAADDSIMFORWARDPASS
#include "targets/cuda/sim/Passes.h.inc"

namespace {

/// Where a module says nothing of it: as much as every GPU has.
constexpr int64_t kSharedBytes = 96 << 10;
constexpr StringLiteral kKernel = "phisim_kernel";

int64_t attribute(ModuleOp module, StringRef name, int64_t otherwise) {
  auto number = module->getAttrOfType<IntegerAttr>(name);
  return number ? number.getInt() : otherwise;
}

Value text(const SimBuilder &s, StringRef symbol, StringRef content) {
  std::string zeroTerminated = content.str() + '\0';
  OpBuilder b = OpBuilder::atBlockEnd(s.module.getBody());
  auto type = LLVM::LLVMArrayType::get(b.getI8Type(), zeroTerminated.size());
  auto global = LLVM::GlobalOp::create(b, s.loc, type, /*isConstant=*/true, LLVM::Linkage::Internal,
                                       symbol, b.getStringAttr(zeroTerminated));
  return LLVM::AddressOfOp::create(s.b, s.loc, global);
}

/// Room for `words` of 64 bits in phi_forward's frame.
Value frame(const SimBuilder &s, int64_t words) {
  Value size = LLVM::ConstantOp::create(s.b, s.loc, s.b.getI64Type(),
                                        s.b.getI64IntegerAttr(std::max<int64_t>(words, 1)));
  return LLVM::AllocaOp::create(s.b, s.loc, s.pointer(), s.b.getI64Type(), size, 16);
}

void store(const SimBuilder &s, Value value, Value base, size_t offset) {
  LLVM::StoreOp::create(s.b, s.loc, value, s.offset(base, static_cast<int64_t>(offset)));
}

/// What memref.get_global gives, as address and size.
void storeConstants(const SimBuilder &s, Value kernel) {
  SmallVector<memref::GlobalOp> globals(s.module.getOps<memref::GlobalOp>());
  Value addresses = frame(s, globals.size()), sizes = frame(s, globals.size());
  for (auto [number, global] : llvm::enumerate(globals)) {
    Value memref = memref::GetGlobalOp::create(s.b, s.loc, global.getType(), global.getName());
    Value start = memref::ExtractAlignedPointerAsIndexOp::create(s.b, s.loc, memref);
    MemRefType type = global.getType();
    int64_t bytes = type.getNumElements() * llvm::divideCeil(type.getElementTypeBitWidth(), 8);
    store(s, arith::IndexCastOp::create(s.b, s.loc, s.b.getI64Type(), start), addresses,
          8 * number);
    store(s, s.i64(bytes), sizes, 8 * number);
  }
  store(s, addresses, kernel, offsetof(SimKernel, constants));
  store(s, sizes, kernel, offsetof(SimKernel, constantBytes));
  store(s, s.i64(globals.size()), kernel, offsetof(SimKernel, constantCount));
}

/// What phi-cuda-cut-launches says of the pass, as an array of phirt::abi::Region.
void storeRegions(const SimBuilder &s, Value kernel) {
  auto numbers = s.module->getAttrOfType<DenseI64ArrayAttr>("phi.regions");
  ArrayRef<int64_t> words = numbers ? numbers.asArrayRef() : ArrayRef<int64_t>();
  OpBuilder b = OpBuilder::atBlockEnd(s.module.getBody());
  auto type = LLVM::LLVMArrayType::get(b.getI32Type(), words.size());
  auto bits = llvm::map_to_vector(words, [](int64_t word) { return static_cast<int32_t>(word); });
  auto global = LLVM::GlobalOp::create(b, s.loc, type, /*isConstant=*/true, LLVM::Linkage::Internal,
                                       "phisim_regions", b.getI32TensorAttr(bits));
  store(s, LLVM::AddressOfOp::create(s.b, s.loc, global), kernel, offsetof(SimKernel, regions));
  store(s, s.i64(words.size() / 2), kernel, offsetof(SimKernel, regionCount));
}

Value kernelAddress(const SimBuilder &s, func::FuncOp function) {
  Value constant = func::ConstantOp::create(s.b, s.loc, function.getFunctionType(),
                                            FlatSymbolRefAttr::get(function));
  return UnrealizedConversionCastOp::create(s.b, s.loc, s.pointer(), constant).getResult(0);
}

Value describeKernel(const SimBuilder &s, func::FuncOp function) {
  auto sites = s.module->getAttrOfType<StringAttr>("phisim.sites");
  Value kernel = frame(s, sizeof(SimKernel) / 8);
  store(s, text(s, "phisim_name", "forward"), kernel, offsetof(SimKernel, name));
  store(s, kernelAddress(s, function), kernel, offsetof(SimKernel, function));
  store(s, text(s, "phisim_sites", sites ? sites.getValue() : ""), kernel,
        offsetof(SimKernel, sites));
  auto number = [&](size_t offset, StringRef name, int64_t otherwise) {
    store(s, s.i64(attribute(s.module, name, otherwise)), kernel, offset);
  };
  number(offsetof(SimKernel, blockThreads), "phi.block_threads", cuda::kBlockThreads);
  number(offsetof(SimKernel, sharedBytes), "phi.shared_bytes", kSharedBytes);
  number(offsetof(SimKernel, arenaBytes), "phi.arena_bytes", 0);
  storeConstants(s, kernel);
  storeRegions(s, kernel);
  return kernel;
}

struct CudaAddSimForward : impl::CudaAddSimForwardPassBase<CudaAddSimForward> {
  using CudaAddSimForwardPassBase::CudaAddSimForwardPassBase;
  void runOnOperation() override { addSimForward(getOperation(), name); }
};

} // namespace

void addSimForward(ModuleOp module, StringRef name) {
  addEntryPoint(module, kKernel);
  auto kernel = module.lookupSymbol<func::FuncOp>(kKernel);
  OpBuilder b = OpBuilder::atBlockEnd(module.getBody());
  Location loc = module.getLoc();
  Type pointer = LLVM::LLVMPointerType::get(module.getContext());
  auto forward = func::FuncOp::create(b, loc, name, b.getFunctionType(pointer, {}));
  Block *entry = forward.addEntryBlock();
  b.setInsertionPointToStart(entry);
  SimBuilder s(module, b, loc);
  s.call("phisim_launch", {entry->getArgument(0), describeKernel(s, kernel)});
  func::ReturnOp::create(b, loc);
}

} // namespace phidias
