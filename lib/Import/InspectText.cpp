// What inspectJson says, a line each.

#include "phidias/Import/Inspect.h"
#include "phidias/Support/Json.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace phidias {
namespace {

constexpr size_t kMostShown = 120; // characters of a value

/// A value on one line, as JSON has it, strings without their quotes. Control characters stay
/// escaped: a terminal must not obey a file.
std::string plain(const json::Value &value) {
  if (value.kind() == json::Value::Number && !value.getAsInteger())
    return describeJson(value);
  std::string text = formatv("{0}", value).str();
  return value.getAsString() ? text.substr(1, text.size() - 2) : text;
}

std::string shortened(const std::string &text) {
  return text.size() <= kMostShown ? text : text.substr(0, kMostShown) + "...";
}

void printObject(raw_ostream &out, StringRef title, const json::Value *value, StringRef indent) {
  const json::Object *object = value->getAsObject();
  if (!object) {
    out << indent << title << ": "
        << (value->kind() == json::Value::Null ? "none" : shortened(plain(*value))) << '\n';
    return;
  }
  out << indent << title << ":\n";
  std::vector<StringRef> keys;
  for (const auto &entry : *object)
    keys.push_back(entry.first);
  llvm::sort(keys);
  for (StringRef key : keys)
    printObject(out, key, object->get(key), (indent + "  ").str());
}

void printTensors(raw_ostream &out, const json::Array &tensors) {
  out << "tensors:\n";
  for (const json::Value &value : tensors) {
    const json::Object &tensor = *value.getAsObject();
    out << formatv("  {0,-48} {1,-5} {2,-16} {3,12} bytes\n", plain(*tensor.get("name")),
                   plain(*tensor.get("type")), plain(*tensor.get("shape")),
                   *tensor.getInteger("bytes"));
  }
}

void printList(raw_ostream &out, StringRef title, const json::Array &lines) {
  if (lines.empty())
    return;
  out << title << ":\n";
  for (const json::Value &line : lines)
    out << "  " << plain(line) << '\n';
}

} // namespace

std::string inspectText(const Model &model, ArrayRef<std::string> unsupported) {
  json::Value value = inspectJson(model, unsupported);
  const json::Object &root = *value.getAsObject();
  std::string text;
  raw_string_ostream out(text);
  for (StringRef key : {"name", "path", "config", "generation", "tokenizer", "template", "totals"})
    printObject(out, key, root.get(key), "");
  printTensors(out, *root.getArray("tensors"));
  printList(out, "warnings", *root.getArray("warnings"));
  printList(out, "unsupported", *root.getArray("unsupported"));
  if (unsupported.empty())
    out << "unsupported: nothing\n";
  return text;
}

} // namespace phidias
