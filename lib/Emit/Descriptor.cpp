// The constant phirt_model, field by field as phirt/abi.h declares it.

#include "PackText.h"
#include "phidias/Emit/Emit.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DerivedTypes.h"

using namespace llvm;

namespace phidias {
namespace {

/// Collects the fields of a constant struct.
class Fields {
public:
  explicit Fields(Module &module) : module(module), context(module.getContext()) {}

  void bytes(ArrayRef<uint8_t> data) { fields.push_back(ConstantDataArray::get(context, data)); }
  void integer(uint64_t value, unsigned bits = 64) {
    fields.push_back(ConstantInt::get(IntegerType::get(context, bits), value));
  }
  void real(double value) { fields.push_back(ConstantFP::get(Type::getDoubleTy(context), value)); }
  void function(StringRef name, Type *argument) {
    auto *type = FunctionType::get(Type::getVoidTy(context), {argument}, false);
    fields.push_back(cast<Constant>(module.getOrInsertFunction(name, type).getCallee()));
  }
  Type *pointerType() { return PointerType::get(context, 0); }
  void null() { fields.push_back(ConstantPointerNull::get(PointerType::get(context, 0))); }
  void string(StringRef text) { pointer(ConstantDataArray::getString(context, text)); }
  /// A pointer to `data`, or null where there is none.
  void pointer(Constant *data) {
    auto *global =
        new GlobalVariable(module, data->getType(), true, GlobalValue::PrivateLinkage, data);
    global->setAlignment(Align(16));
    fields.push_back(global);
  }
  void blob(ArrayRef<uint8_t> data) {
    if (data.empty())
      null();
    else
      pointer(ConstantDataArray::get(context, data));
    integer(data.size());
  }

  Constant *finish() { return ConstantStruct::getAnon(context, fields); }

private:
  Module &module;
  LLVMContext &context;
  SmallVector<Constant *> fields;
};

void addGeneration(Fields &f, const phirt::abi::GenerationDefaults &g) {
  f.real(g.temperature);
  f.real(g.topP);
  f.real(g.minP);
  f.real(g.repetitionPenalty);
  f.integer(g.topK);
  f.integer(g.doSample);
}

/// A pointer to the constants, all of one type, and their number.
void addArray(Fields &f, ArrayRef<Constant *> entries) {
  if (entries.empty())
    f.null();
  else
    f.pointer(ConstantArray::get(ArrayType::get(entries[0]->getType(), entries.size()), entries));
  f.integer(entries.size());
}

void addFeatures(Fields &f, Module &module, ArrayRef<FeatureNeed> needs) {
  SmallVector<Constant *> entries;
  for (const FeatureNeed &need : needs) {
    Fields entry(module);
    entry.string(need.name);
    entry.integer(static_cast<uint64_t>(need.word));
    entry.integer(need.mask);
    entries.push_back(entry.finish());
  }
  addArray(f, entries);
}

void addStages(Fields &f, Module &module, ArrayRef<StageDescription> stages) {
  SmallVector<Constant *> entries;
  for (const StageDescription &stage : stages) {
    Fields entry(module);
    entry.string(stage.name);
    entry.integer(stage.weightBytes);
    entry.integer(stage.macsPerToken);
    entry.integer(stage.logitRows);
    entry.integer(stage.calls);
    entries.push_back(entry.finish());
  }
  addArray(f, entries);
}

void addImages(Fields &f, Module &module, ArrayRef<DeviceImage> images) {
  SmallVector<Constant *> entries;
  for (const DeviceImage &image : images) {
    Fields entry(module);
    entry.integer(image.capability, 32);
    entry.integer(image.exact, 32);
    std::string packed = packText(image.text);
    entry.pointer(ConstantDataArray::getString(module.getContext(), packed));
    entry.integer(image.text.size());
    entry.integer(packed.size());
    entry.integer(image.sharedBytes);
    entry.integer(image.wholeOnly);
    entries.push_back(entry.finish());
  }
  addArray(f, entries);
}

void addRegions(Fields &f, Module &module, ArrayRef<phirt::abi::Region> regions) {
  SmallVector<Constant *> entries;
  for (const phirt::abi::Region &region : regions) {
    Fields entry(module);
    entry.integer(static_cast<uint32_t>(region.kind), 32);
    entry.integer(region.stage, 32);
    entries.push_back(entry.finish());
  }
  addArray(f, entries);
}

Constant *deviceConstant(Module &module, const DeviceProgram &device) {
  Fields f(module);
  addImages(f, module, device.images);
  f.string(device.kernel);
  f.integer(device.blockThreads, 32);
  f.integer(device.sharedBytes, 32);
  addRegions(f, module, device.regions);
  return f.finish();
}

/// What runs a pass: a function, or a kernel.
void addForward(Fields &f, Module &module, const CodeDescription &code) {
  if (code.forwardFunction.empty())
    f.null();
  else
    f.function(code.forwardFunction, f.pointerType());
  if (code.device.images.empty())
    f.null();
  else
    f.pointer(deviceConstant(module, code.device));
}

Constant *codeConstant(Module &module, const CodeDescription &code) {
  Fields f(module);
  f.string(code.name);
  addFeatures(f, module, code.needs);
  addForward(f, module, code);
  f.integer(code.arenaBytes);
  f.integer(code.scratchBytes);
  addStages(f, module, code.stages);
  if (code.peakFunction.empty())
    f.null();
  else
    f.function(code.peakFunction, Type::getInt64Ty(module.getContext()));
  f.real(code.peakOpsPerIteration);
  f.integer(code.chooses);
  return f.finish();
}

void addCodes(Fields &f, Module &module, ArrayRef<CodeDescription> codes) {
  SmallVector<Constant *> entries;
  for (const CodeDescription &code : codes)
    entries.push_back(codeConstant(module, code));
  f.null(); // Model::code is the runtime's
  addArray(f, entries);
}

Constant *modelConstant(Module &module, const ProgramInfo &info) {
  Fields f(module);
  f.bytes(ArrayRef(reinterpret_cast<const uint8_t *>("PHIDIAS\0"), 8));
  f.integer(phirt::abi::kVersion, 32);
  f.integer(0, 32);
  f.bytes(info.weightsId);
  f.bytes(info.hashMarker);
  f.integer(info.weightsBytes);
  f.string(info.name);
  f.string(info.description);
  for (int64_t value : {info.vocab, info.layers, info.hidden, info.maxContext, info.originalContext,
                        info.maxTokens})
    f.integer(value);
  f.integer(info.cacheBytesPerPosition);
  f.pointer(ConstantDataArray::get(
      module.getContext(),
      ArrayRef<uint32_t>(reinterpret_cast<const uint32_t *>(info.stopIds.data()),
                         info.stopIds.size())));
  f.integer(info.stopIds.size());
  f.integer(info.bosId);
  addGeneration(f, info.generation);
  f.blob(info.tokenizer);
  f.blob(info.chatTemplate);
  addCodes(f, module, info.codes);
  return f.finish();
}

} // namespace

Expected<ObjectBytes> emitDescriptor(const ProgramInfo &info, const TargetSpec &target) {
  LLVMContext context;
  Module module("descriptor", context);
  Constant *model = modelConstant(module, info);
  auto *global = new GlobalVariable(module, model->getType(), true, GlobalValue::ExternalLinkage,
                                    model, "phirt_model");
  global->setAlignment(Align(16));
  if (DataLayout("e-i64:64").getTypeAllocSize(model->getType()) != sizeof(phirt::abi::Model))
    return createStringError("the descriptor does not have the layout of phirt/abi.h");
  return emitObject(module, target, ObjectKind::Object);
}

} // namespace phidias
