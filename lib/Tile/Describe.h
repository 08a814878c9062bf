#pragma once
/// What the profile and the report know of each stage.

#include "phidias/Lower/Loops.h"

namespace phidias::tile {

/// {name, bytes of weights a pass, multiply-adds a token, calls a pass, rows: of wanted logits
/// alone}.
mlir::DictionaryAttr describe(phi::StageOp stage, mlir::SymbolTable &symbols);

/// Calls phirt_stage on thread 0 where someone measures.
void noteEnd(const lower::Lowering &l, mlir::Location loc, int64_t stage);

} // namespace phidias::tile
