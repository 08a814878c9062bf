#pragma once
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/phi/PhiDialect.h.inc"
#define GET_TYPEDEF_CLASSES
#include "dialects/phi/PhiTypes.h.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/phi/PhiAttrs.h.inc"
#define GET_OP_CLASSES
#include "dialects/phi/PhiOps.h.inc"
