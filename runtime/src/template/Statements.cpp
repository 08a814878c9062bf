// What prints, branches, loops and assigns.
#include "template/Evaluator.h"
#include <algorithm>

namespace phirt::jinja {

/// Whether a role reads like one. Anything else may try to smuggle special tokens in and is not
/// trusted.
static bool isPlainRole(std::string_view role) {
  return std::ranges::all_of(role, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

/// The names that transformers hands to a template.
void Evaluator::setGlobals(std::span<const Message> messages, bool addGenerationPrompt) {
  std::vector<Value> turns;
  Value role = makeText("role", true), content = makeText("content", true);
  for (const Message &message : messages)
    turns.push_back(makeDict({{role, makeText(message.role, isPlainRole(message.role))},
                              {content, makeText(message.content, false)}}));
  assign("messages", makeList(std::move(turns)));
  assign("tools", Value::none());
  assign("documents", Value::none());
  assign("add_generation_prompt", Value::boolean(addGenerationPrompt));
}

Result<Text> Evaluator::run(std::span<const Message> messages, bool addGenerationPrompt) {
  setGlobals(messages, addGenerationPrompt);
  execute(program.root());
  if (failed())
    return error(failure);
  return std::move(out);
}

Evaluator::Flow Evaluator::execute(uint32_t id) {
  if (!charge(16))
    return Flow::Break;
  line = program.nodes[id].line;
  switch (program.op(id)) {
  case Op::Absent:
    return Flow::Next;
  case Op::Data:
    emit(Text(program.text(id), true));
    return Flow::Next;
  case Op::Emit:
    emit(toText(evaluate(program.child(id, 0))));
    return Flow::Next;
  case Op::Body:
    return executeBody(id);
  case Op::If:
    return executeIf(id);
  case Op::For:
    return executeFor(id);
  case Op::Scope:
    return executeScope(id);
  case Op::Set:
    assign(program.text(id), evaluate(program.child(id, 0)));
    return Flow::Next;
  case Op::SetAttribute:
    executeSetAttribute(id);
    return Flow::Next;
  case Op::SetBlock:
    executeSetBlock(id);
    return Flow::Next;
  case Op::Break:
    return Flow::Break;
  case Op::Continue:
    return Flow::Continue;
  default:
    fail("a damaged template: an expression where a statement belongs");
    return Flow::Break;
  }
}

void Evaluator::emit(const Text &text) {
  static constexpr size_t kMaxOutput = size_t(64) << 20;
  charge(text.size());
  if (out.size() + text.size() > kMaxOutput)
    fail("makes too much text");
  if (!failed())
    out.append(text);
}

Evaluator::Flow Evaluator::executeBody(uint32_t id) {
  for (uint32_t child : program.children(id))
    if (Flow flow = execute(child); flow != Flow::Next)
      return flow;
  return Flow::Next;
}

Evaluator::Flow Evaluator::executeIf(uint32_t id) {
  bool holds = truth(evaluate(program.child(id, 0)));
  return execute(program.child(id, holds ? 1 : 2));
}

Evaluator::Flow Evaluator::executeScope(uint32_t id) {
  enterScope();
  Flow flow = execute(program.child(id, 0));
  leaveScope();
  return flow;
}

/// Names the loop's variable or variables for one item.
bool Evaluator::setTargets(uint32_t id, const Value &item) {
  auto targets = program.children(id).subspan(4);
  if (targets.size() == 1)
    return assign(program.text(targets[0]), item), !failed();
  std::vector<Value> parts = itemsOf(item);
  if (parts.size() != targets.size())
    return fail("a loop over " + std::to_string(targets.size()) + " names got " +
                std::to_string(parts.size()) + " values"),
           false;
  for (size_t i = 0; i < targets.size(); ++i)
    assign(program.text(targets[i]), parts[i]);
  return !failed();
}

std::vector<Value> Evaluator::filterItems(uint32_t id, const std::vector<Value> &items) {
  std::vector<Value> kept;
  for (const Value &item : items) {
    enterScope();
    if (setTargets(id, item) && truth(evaluate(program.child(id, 1))))
      kept.push_back(item);
    leaveScope();
  }
  return kept;
}

Evaluator::Flow Evaluator::executeFor(uint32_t id) {
  std::vector<Value> items = itemsOf(evaluate(program.child(id, 0)));
  if (program.op(program.child(id, 1)) != Op::Absent)
    items = filterItems(id, items);
  if (failed())
    return Flow::Break;
  if (!items.empty())
    return executeLoop(id, std::move(items));
  enterScope();
  Flow flow = execute(program.child(id, 3));
  leaveScope();
  return flow;
}

Evaluator::Flow Evaluator::executeLoop(uint32_t id, std::vector<Value> values) {
  if (!reserve(sizeof(List) + sizeof(Loop)))
    return Flow::Break;
  lists.push_back({std::move(values)});
  const std::vector<Value> &items = lists.back().items;
  loops.push_back({&items});
  Value loop = Value::of(Kind::Loop);
  loop.loop = &loops.back();
  for (Flow flow = Flow::Next; loop.loop->index < int64_t(items.size()); ++loop.loop->index) {
    enterScope();
    assign("loop", loop);
    if (setTargets(id, items[loop.loop->index]))
      flow = execute(program.child(id, 2));
    leaveScope();
    if (flow == Flow::Break || failed())
      break;
  }
  return failed() ? Flow::Break : Flow::Next;
}

void Evaluator::executeSetAttribute(uint32_t id) {
  Value target = evaluate(program.child(id, 0));
  Value value = evaluate(program.child(id, 1));
  if (!target.is(Kind::Namespace))
    return void(fail("cannot assign an attribute of a " + std::string(kindName(target))));
  auto &entries = target.space->entries;
  charge(entries.size());
  auto entry = std::ranges::find(entries, program.text(id), &std::pair<std::string, Value>::first);
  if (entry != entries.end())
    entry->second = std::move(value);
  else
    entries.emplace_back(program.text(id), std::move(value));
}

void Evaluator::executeSetBlock(uint32_t id) {
  Text around = std::exchange(out, {});
  execute(program.child(id, 0));
  Text inside = std::exchange(out, std::move(around));
  assign(program.text(id), makeText(std::move(inside)));
}

} // namespace phirt::jinja
