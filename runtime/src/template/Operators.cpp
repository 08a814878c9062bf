// Arithmetic and the truth of values, as Python has them.
#include "template/Evaluator.h"

namespace phirt::jinja {

using abi::TemplateBinary;

bool Evaluator::truth(const Value &value) const {
  switch (value.kind) {
  case Kind::Absent:
  case Kind::Undefined:
  case Kind::None:
    return false;
  case Kind::Bool:
  case Kind::Int:
    return value.number != 0;
  case Kind::Text:
    return value.text->size() > 0;
  case Kind::List:
    return value.list->kind == ListKind::Iterator || !value.list->items.empty();
  case Kind::Dict:
    return !value.dict->entries.empty();
  default:
    return true;
  }
}

Value Evaluator::binary(TemplateBinary op, const Value &left, const Value &right) {
  switch (op) {
  case TemplateBinary::Equal:
    return Value::boolean(equal(left, right));
  case TemplateBinary::NotEqual:
    return Value::boolean(!equal(left, right));
  case TemplateBinary::Less:
  case TemplateBinary::LessEqual:
    return Value::boolean(less(left, right, op == TemplateBinary::LessEqual));
  case TemplateBinary::Greater:
  case TemplateBinary::GreaterEqual:
    return Value::boolean(less(right, left, op == TemplateBinary::GreaterEqual));
  case TemplateBinary::In:
    return Value::boolean(contains(right, left));
  case TemplateBinary::NotIn:
    return Value::boolean(!contains(right, left));
  default:
    break;
  }
  if (left.isNumber() && right.isNumber())
    return arithmetic(op, left.number, right.number);
  if (op == TemplateBinary::Add)
    return add(left, right);
  if (op == TemplateBinary::Multiply && (left.is(Kind::Int) || right.is(Kind::Int)))
    return left.is(Kind::Int) ? repeat(right, left.number) : repeat(left, right.number);
  return fail("no such operator for " + std::string(kindName(left)) + " and " +
              std::string(kindName(right)));
}

Value Evaluator::arithmetic(TemplateBinary op, int64_t left, int64_t right) {
  int64_t result = 0;
  bool overflow = false;
  if (op == TemplateBinary::Add)
    overflow = __builtin_add_overflow(left, right, &result);
  else if (op == TemplateBinary::Subtract)
    overflow = __builtin_sub_overflow(left, right, &result);
  else if (op == TemplateBinary::Multiply)
    overflow = __builtin_mul_overflow(left, right, &result);
  else if (right == 0 || (right == -1 && left == INT64_MIN))
    overflow = true;
  else // Python rounds towards minus infinity.
    result = op == TemplateBinary::FloorDivide
                 ? left / right - (left % right != 0 && (left < 0) != (right < 0))
                 : (left % right + right) % right;
  return overflow ? fail("the result is not an integer of 64 bits") : Value::integer(result);
}

Value Evaluator::add(const Value &left, const Value &right) {
  if (left.is(Kind::Text) && right.is(Kind::Text)) {
    Text text = toText(left);
    text.append(*right.text);
    return makeText(std::move(text));
  }
  bool lists = left.is(Kind::List) && right.is(Kind::List) && left.list->kind == right.list->kind &&
               left.list->kind <= ListKind::Tuple;
  if (!lists)
    return fail("cannot add " + std::string(kindName(left)) + " and " +
                std::string(kindName(right)));
  std::vector<Value> items = itemsOf(left), more = itemsOf(right);
  items.insert(items.end(), more.begin(), more.end());
  return makeList(std::move(items), left.list->kind);
}

Value Evaluator::repeat(const Value &value, int64_t count) {
  const Text &part = textOf(value, "repetition");
  size_t size = part.size();
  if (count > 0 && size > 0 &&
      (uint64_t(count) > (uint64_t(1) << 31) || !charge(size * count) ||
       !reserve(2 * size * count)))
    return fail("repeats a text too often");
  Text text;
  for (int64_t i = 0; i < count && size > 0; ++i)
    text.append(part);
  return makeText(std::move(text));
}

} // namespace phirt::jinja
