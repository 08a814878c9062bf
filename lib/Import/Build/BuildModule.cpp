#include "phidias/Import/Build/BuildModule.h"
#include "BuildWeights.h"
#include "Signatures.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include <cmath>

using namespace mlir;

namespace phidias {
namespace {

/// Builds @forward. Row types are tensor<?xNxf32>.
class ModuleBuilder {
public:
  ModuleBuilder(MLIRContext &context, const Model &model)
      : b(&context), loc(b.getUnknownLoc()), model(model), config(model.config),
        signatures(findSignatures(model.weights)) {}

  OwningOpRef<ModuleOp> build() {
    OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
    SmallVector<StringRef> files;
    for (const CheckpointFile &file : model.checkpoint.files)
      files.push_back(file.path);
    (*module)->setAttr("phi.files", b.getStrArrayAttr(files));
    b.setInsertionPointToEnd(module->getBody());
    emitWeights();
    emitForward();
    return module;
  }

private:
  RankedTensorType rows(int64_t columns) {
    return RankedTensorType::get({ShapedType::kDynamic, columns}, b.getF32Type());
  }

  /// @qkv of the first body, @qkv_1 of the second, ...
  std::string familyName(const LayerRole &role, size_t body) {
    return body == 0 ? role.name.str() : (role.name + "_" + Twine(body)).str();
  }

  void emitWeights() {
    emitWeight(b, "embed", &model.weights.embed, false);
    for (auto [body, layers] : llvm::enumerate(signatures.bodies))
      for (const LayerRole &role : layerRoles()) {
        SmallVector<const Weight *> members;
        for (const LayerWeights *layer : layers)
          members.push_back(&(layer->*role.weight));
        emitWeight(b, familyName(role, body), members, true);
      }
    emitWeight(b, "final_norm", &model.weights.finalNorm, false);
    if (model.weights.head)
      emitWeight(b, "head", &*model.weights.head, false);
  }

  void emitForward() {
    cacheType = phi::CacheType::get(b.getContext(), config.layers, config.kvHeads, config.headDim,
                                    b.getF32Type());
    Type index = b.getIndexType(), logits = rows(config.vocab);
    SmallVector<Type> inputs{RankedTensorType::get({ShapedType::kDynamic}, b.getI32Type()), index,
                             b.getI1Type(), index, cacheType};
    auto function =
        func::FuncOp::create(b, loc, "forward", b.getFunctionType(inputs, {logits, cacheType}));
    Block *entry = function.addEntryBlock();
    b.setInsertionPointToStart(entry);
    position = entry->getArgument(1);
    useLong = entry->getArgument(2);
    Value x = phi::EmbedOp::create(b, loc, rows(config.hidden), entry->getArgument(0), "embed");
    auto layers = emitLayers(x, entry->getArgument(4));
    Value normed = rmsNorm(layers.getResult(), "final_norm", Value());
    StringRef head = model.weights.head ? "head" : "embed";
    Value scores = phi::LogitsOp::create(b, loc, logits, normed, head, entry->getArgument(3));
    func::ReturnOp::create(b, loc, ValueRange{scores, layers.getNewCache()});
  }

  phi::LayersOp emitLayers(Value x, Value cache) {
    auto layers = phi::LayersOp::create(b, loc, x.getType(), cache.getType(), x, cache,
                                        signatures.order, signatures.bodies.size());
    OpBuilder::InsertionGuard guard(b);
    for (size_t body = 0; body < signatures.bodies.size(); ++body)
      emitBody(layers.getBodies()[body], body);
    return layers;
  }

  void emitBody(Region &region, size_t body) {
    Type index = b.getIndexType();
    Block *block =
        b.createBlock(&region, region.end(), {index, index, rows(config.hidden), cacheType},
                      SmallVector<Location>(4, loc));
    Value layer = block->getArgument(0), member = block->getArgument(1), x = block->getArgument(2);
    Value cache = block->getArgument(3);
    auto name = [&](size_t role) { return familyName(layerRoles()[role], body); };
    int64_t queries = config.heads * config.headDim, keys = config.kvHeads * config.headDim;
    Value qkv = linear(rmsNorm(x, name(0), member), name(1), member, queries + 2 * keys);
    qkv = rope(qkv);
    cache = phi::CacheAppendOp::create(b, loc, cache.getType(), qkv, cache, layer, position);
    Value attended = attention(qkv, cache, layer);
    x = phi::AddOp::create(b, loc, x.getType(), x,
                           linear(attended, name(2), member, config.hidden));
    Value gateUp = linear(rmsNorm(x, name(3), member), name(4), member, 2 * config.intermediate);
    Value gated = phi::SwiGluOp::create(b, loc, rows(config.intermediate), gateUp);
    x = phi::AddOp::create(b, loc, x.getType(), x, linear(gated, name(5), member, config.hidden));
    phi::YieldOp::create(b, loc, x, cache);
  }

  Value rmsNorm(Value x, StringRef weight, Value member) {
    return phi::RmsNormOp::create(b, loc, x.getType(), x, weight, member,
                                  llvm::APFloat(config.normEps));
  }

  Value linear(Value x, StringRef weight, Value member, int64_t columns) {
    return phi::LinearOp::create(b, loc, rows(columns), x, weight, member);
  }

  Value attention(Value qkv, Value cache, Value layer) {
    IntegerAttr window;
    if (config.slidingWindow)
      window = b.getI64IntegerAttr(*config.slidingWindow);
    return phi::AttentionOp::create(
        b, loc, rows(config.heads * config.headDim), qkv, cache, layer, position,
        b.getI64IntegerAttr(config.heads),
        b.getF64FloatAttr(1.0 / std::sqrt(static_cast<double>(config.headDim))), window);
  }

  /// 1 / (factor_i * theta^(2i/d)), rounded to f32 where transformers rounds.
  DenseElementsAttr frequencies(ArrayRef<double> factors) {
    SmallVector<float> values;
    for (int64_t i = 0; i < config.rope.rotaryDim / 2; ++i) {
      float exponent = static_cast<float>(2 * i) / static_cast<float>(config.rope.rotaryDim);
      float power = static_cast<float>(std::pow(config.rope.theta, static_cast<double>(exponent)));
      float factor = factors.empty() ? 1.0f : static_cast<float>(factors[i]);
      values.push_back(1.0f / (factor * power));
    }
    auto type = RankedTensorType::get({static_cast<int64_t>(values.size())}, b.getF32Type());
    return DenseElementsAttr::get(type, ArrayRef<float>(values));
  }

  Value rope(Value qkv) {
    const RopeConfig &rope = config.rope;
    DenseElementsAttr longer =
        rope.longFactor.empty() ? DenseElementsAttr() : frequencies(rope.longFactor);
    return phi::RopeOp::create(b, loc, qkv.getType(), qkv, position, useLong,
                               b.getI64IntegerAttr(config.heads + config.kvHeads),
                               b.getI64IntegerAttr(config.headDim), frequencies(rope.shortFactor),
                               longer, b.getF64FloatAttr(rope.attentionFactor));
  }

  OpBuilder b;
  Location loc;
  const Model &model;
  const ModelConfig &config;
  LayerSignatures signatures;
  phi::CacheType cacheType;
  Value position, useLong;
};

} // namespace

OwningOpRef<ModuleOp> buildModule(MLIRContext &context, const Model &model) {
  return ModuleBuilder(context, model).build();
}

} // namespace phidias
