// Variables: an assignment stays in the scope where it stands, a loop's body is a new scope each
// time.
#include "template/Evaluator.h"

namespace phirt::jinja {

void Evaluator::assign(std::string_view name, Value value) {
  size_t start = scopes.empty() ? 0 : scopes.back();
  charge(variables.size() - start + 1);
  for (size_t i = start; i < variables.size(); ++i)
    if (variables[i].first == name) {
      variables[i].second = std::move(value);
      return;
    }
  variables.emplace_back(name, std::move(value));
}

Value Evaluator::lookup(std::string_view name) {
  charge(variables.size());
  for (size_t i = variables.size(); i-- > 0;)
    if (variables[i].first == name)
      return variables[i].second;
  return undefined(name);
}

void Evaluator::leaveScope() {
  variables.resize(scopes.back());
  scopes.pop_back();
}

} // namespace phirt::jinja
