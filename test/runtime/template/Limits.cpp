// Holds that neither a damaged blob nor a greedy template crashes, hangs or takes much memory.
#include "Render.h"
#include <cstring>

TEST(ChatTemplateLimits, greedyTemplatesEnd) {
  const char *sources[] = {
      "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
      "{% set n = namespace(s='aaaaaaaa') %}{% for a in range(99) %}{% set n.s = n.s ~ n.s %}{% "
      "endfor %}",
      "{% set n = namespace(l=[1]) %}{% for a in range(99) %}{% set n.l = n.l + n.l %}{% endfor %}",
      "{% set n = namespace(l=[1]) %}{% for a in range(99999) %}{% set n.l = [n.l] %}{% endfor %}",
      "{% set n = namespace(l=[1]) %}{% for a in range(50) %}{% set n.l = [n.l, n.l] %}{% endfor "
      "%}{{ n.l | tojson }}",
      "{% set n = namespace(l=[1], m=[1]) %}{% for a in range(50) %}{% set n.l = [n.l, n.l] %}{% "
      "set n.m = [n.m, n.m] %}"
      "{% endfor %}{{ n.l == n.m }}",
      "{{ 'a' * 999999999999 }}",
      "{{ ('a' * 99999999).replace('a', 'b' * 99999999) }}",
      "{{ range(100001) }}",
      "{{ range(9223372036854775807, 9223372036854775806, -9223372036854775807) | length }}",
      "{{ 9223372036854775807 + 1 }}",
      "{{ -9223372036854775807 * 2 }}",
      "{% for a in range(99999) %}{% for b in range(9) %}{{ messages[0].content }}{% endfor %}{% "
      "endfor %}"};
  for (const char *source : sources)
    EXPECT_FALSE(render(source, {{"user", std::string(10000, 'x')}})) << source;
}

TEST(ChatTemplateLimits, namespacesInCirclesAreFreed) {
  EXPECT_EQ(
      "True",
      marked(render(
          "{% set n = namespace() %}{% set n.a = n %}{% set n.b = [n] %}{{ n == n.b[0] }}", {})));
  EXPECT_EQ(
      "",
      marked(render(
          "{% set k = namespace(p=0) %}{% for a in range(9999) %}{% set k.p = namespace(p=k.p) %}"
          "{% endfor %}",
          {})));
}

TEST(ChatTemplateLimits, largeContentPassesThrough) {
  std::string content(8 << 20, 'y');
  auto pieces = render("<{{ messages[0].content | trim }}>", {{"user", content}});
  ASSERT_TRUE(pieces);
  EXPECT_EQ("<" + content + ">", plain(*pieces));
}

TEST(ChatTemplateLimits, contentThatIsNoUtf8PassesThrough) {
  std::string content = "a\xff\xc3\xe2\x82 \xf0\x9f";
  auto pieces = render("{{ messages[0].content | trim }}{{ messages[0].content[::-1][::-1] }}",
                       {{"user", content}});
  ASSERT_TRUE(pieces);
  EXPECT_EQ(content + content, plain(*pieces));
}

static std::vector<uint8_t> sample() {
  auto blob =
      compile("{% set x = namespace(a='b') %}{% for m in messages if m.role is in ['user'] %}{{ "
              "m.role[0] | "
              "default('x') ~ m.content.strip() }}{% else %}{{ raise_exception('e') }}{% endfor %}"
              "{{ 'a' if 1 + 2 == 3 and not x else {'k': (1, 2)[1:]}.k | tojson }}");
  EXPECT_TRUE(bool(blob));
  return std::move(*blob);
}

static void openAndRender(const std::vector<uint8_t> &bytes) {
  auto opened = phirt::ChatTemplate::open({bytes.data(), bytes.size()});
  if (opened)
    (void)opened->render(Conversation{{"user", "hello"}}, true);
}

TEST(ChatTemplateLimits, truncatedBlobsAreRefused) {
  std::vector<uint8_t> bytes = sample();
  ASSERT_TRUE(phirt::ChatTemplate::open({bytes.data(), bytes.size()}));
  for (size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(phirt::ChatTemplate::open({bytes.data(), size}));
}

TEST(ChatTemplateLimits, damagedBlobsDoNoHarm) {
  const std::vector<uint8_t> bytes = sample();
  for (size_t at = 0; at < bytes.size(); ++at)
    for (uint8_t value : {0, 1, 7, 24, 30, 32, 128, 255}) {
      std::vector<uint8_t> damaged = bytes;
      damaged[at] = value;
      openAndRender(damaged);
    }
}

TEST(ChatTemplateLimits, aTreeThatSharesBranchesEnds) {
  // 200 nodes, each a body that runs the one before twice: 2^200 steps if nobody counted.
  phirt::abi::TemplateHeader header{{}, phirt::abi::kTemplateVersion, 200, 398, 0};
  std::memcpy(header.magic, phirt::abi::kTemplateMagic, 8);
  std::vector<phirt::abi::TemplateNode> nodes(200);
  std::vector<uint32_t> links;
  for (uint32_t i = 0; i < 200; ++i) {
    nodes[i] = {
        uint16_t(phirt::abi::TemplateOp::Body), 0, 1, uint32_t(links.size()), i ? 2u : 0u, 0};
    if (i)
      links.insert(links.end(), {i - 1, i - 1});
  }
  std::vector<uint8_t> bytes(sizeof header + 200 * sizeof nodes[0] + 398 * 4);
  std::memcpy(bytes.data(), &header, sizeof header);
  std::memcpy(bytes.data() + sizeof header, nodes.data(), 200 * sizeof nodes[0]);
  std::memcpy(bytes.data() + sizeof header + 200 * sizeof nodes[0], links.data(), 398 * 4);
  auto opened = phirt::ChatTemplate::open({bytes.data(), bytes.size()});
  ASSERT_TRUE(opened);
  EXPECT_FALSE(opened->render({}, false));
}
