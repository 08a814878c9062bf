#include "Impl.h"

namespace phirt {

using abi::tokenizer::Normalizer;

/// New text is as trusted as what it stands for.
static Marked replaceAll(MarkedView text, std::string_view from, std::string_view to) {
  Marked out;
  size_t done = 0;
  for (size_t at; (at = text.text.find(from, done)) != std::string_view::npos;
       done = at + from.size()) {
    out.text += text.text.substr(done, at - done);
    out.trust += text.trust.substr(done, at - done);
    out.append(to, text.trust[at]);
  }
  out.text += text.text.substr(done);
  out.trust += text.trust.substr(done);
  return out;
}

static Marked prepend(MarkedView text, std::string_view prefix) {
  Marked out;
  if (!text.text.empty())
    out.append(prefix, text.trust[0]);
  out.text += text.text;
  out.trust += text.trust;
  return out;
}

Marked normalize(const TokenizerTable &table, MarkedView text) {
  Marked out{std::string(text.text), std::string(text.trust)};
  for (const Normalizer &n : table.view<Normalizer>(table.header().normalizers)) {
    std::string_view from = table.text(n.from), to = table.text(n.to);
    if (n.kind == Normalizer::kPrepend)
      out = prepend(out, to);
    else if (!from.empty())
      out = replaceAll(out, from, to);
  }
  return out;
}

} // namespace phirt
