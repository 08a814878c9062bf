#pragma once
/// What an expression of a template may be.

#include "phirt/abi/Template.h"
#include "template/Text.h"
#include <memory>
#include <utility>

namespace phirt::jinja {

enum class Kind : uint8_t {
  Absent,
  Undefined,
  None,
  Bool,
  Int,
  Text,
  List,
  Dict,
  Namespace,
  Loop,
  Function
};

struct List;
struct Dict;
struct Namespace;
struct Loop;

/// Texts are shared; the other objects belong to the evaluator and live until the end of a
/// rendering.
struct Value {
  Kind kind = Kind::Undefined;
  int64_t number = 0;               ///< of Bool and Int
  std::shared_ptr<const Text> text; ///< of Text; of Undefined: its name, or null
  union {
    List *list = nullptr;
    Dict *dict;
    Namespace *space;
    Loop *loop;
  };

  static Value none() { return of(Kind::None); }
  static Value absent() { return of(Kind::Absent); }
  static Value boolean(bool value) { return of(Kind::Bool, value); }
  static Value integer(int64_t value) { return of(Kind::Int, value); }
  static Value of(Kind kind, int64_t number = 0) {
    Value value;
    value.kind = kind;
    value.number = number;
    return value;
  }
  bool is(Kind other) const { return kind == other; }
  bool isNumber() const { return kind == Kind::Int || kind == Kind::Bool; }
};

/// Iterator stands for Python's generators: always true, without a length, read once.
enum class ListKind : uint8_t { List, Tuple, Range, Iterator };

struct List {
  std::vector<Value> items;
  ListKind kind = ListKind::List;
  bool consumed = false;
  unsigned depth = 1; ///< of the objects inside, itself included
};

struct Dict {
  std::vector<std::pair<Value, Value>> entries; ///< keys are texts
  unsigned depth = 1;
};

struct Namespace {
  std::vector<std::pair<std::string, Value>> entries;
};

struct Loop {
  const std::vector<Value> *items;
  int64_t index = 0; ///< from 0
};

} // namespace phirt::jinja
