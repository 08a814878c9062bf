// A pass as a chain of launches: the same tokens as by one, on a GPU whose blocks cannot wait for
// each other or where it is asked for. Short passes go by a graph of their kind.
#include "device/Chain.h"
#include "Fake.h"
#include "device/cuda/Calls.h"
#include "model/Sequence.h"
#include <algorithm>

using namespace phirt;
using phirt::abi::RegionKind;

namespace {

struct ChainTest : DeviceTest {};

constexpr DeviceOptions kChain{.launching = Launching::Chain};

/// "0-2 3" for launches of regions 0 to 2 and 3, "*0-2" where one block runs the first too.
std::string plan(const std::vector<phirt::abi::Region> &regions, int64_t tokens, bool chooses) {
  std::string text;
  for (const Link &link : planChain(regions, tokens, chooses)) {
    text += (text.empty() ? "" : " ") + std::string(link.byOne ? "*" : "");
    text += std::to_string(link.first);
    if (link.count > 1)
      text += "-" + std::to_string(link.first + link.count - 1);
  }
  return text;
}

std::vector<phirt::abi::Region> regionsOf(std::string_view kinds) {
  std::vector<phirt::abi::Region> regions;
  for (char kind : kinds)
    regions.push_back({kind == 'w'   ? RegionKind::Wide
                       : kind == 'n' ? RegionKind::Narrow
                                     : RegionKind::Joined,
                       0});
  return regions;
}

/// Embedding; qkv, append, attention, combine, o, gate_up and down of a layer with their
/// preparations, which gives five launches; head and choice.
TEST(ChainPlanTest, AWideRegionWithTheNarrowOnesBehindIt) {
  std::vector<phirt::abi::Region> all = regionsOf("n"
                                                  "nwnwnnwnwnw"
                                                  "nw"
                                                  "wjjjj");
  EXPECT_EQ(plan(all, 1, true), "*0-1 2-3 4-6 7-8 9-10 11-12 13 14-18");
  EXPECT_EQ(plan(all, 8, false), "*0-1 2-3 4-6 7-8 9-10 11-12 13");
}

TEST(ChainPlanTest, LongPassesGiveAllBlocksWork) {
  std::vector<phirt::abi::Region> all = regionsOf("nnwnw"
                                                  "wjj");
  EXPECT_EQ(plan(all, 9, true), "0 1 2 3 4 5-7");
  EXPECT_EQ(plan(all, 9, false), "0 1 2 3 4");
  EXPECT_EQ(plan({}, 1, true), "");
}

TEST_F(ChainTest, CountsAsTheProcessorDoes) {
  DeviceModel toy;
  auto engine = toy.open(kChain);
  ASSERT_TRUE(engine) << engine.error().message;
  Sequence sequence(*engine);
  EXPECT_EQ(next(sequence.become(count(10, 40))), 50); // passes of 16, 16 and 8 tokens
  EXPECT_EQ(fake().calls("cuLaunchKernel"), 2u * 2);
  EXPECT_EQ(fake().calls("cuGraphLaunch"), 1u);
  EXPECT_EQ(next(sequence.append(50)), 51);
  EXPECT_EQ(next(sequence.become(count(0, 65))), 66); // the long factors
  EXPECT_EQ(fake().calls("cuLaunchCooperativeKernel"), 0u);
  EXPECT_EQ(engine->describe(), "16 blocks on Fake H100, a chain of launches");
}

/// One for a token; its nodes are set to the next position while it runs, and to another where the
/// sequence does not go on.
TEST_F(ChainTest, AGraphIsMadeOncePerKind) {
  DeviceModel toy;
  auto engine = toy.open(kChain);
  ASSERT_TRUE(engine) << engine.error().message;
  Sequence sequence(*engine);
  for (int32_t token = 20; token < 40; ++token)
    ASSERT_EQ(next(sequence.append(token)), token + 1);
  EXPECT_EQ(fake().calls("cuGraphInstantiateWithFlags"), 1u);
  EXPECT_EQ(fake().calls("cuGraphLaunch"), 20u);
  EXPECT_EQ(fake().calls("cuGraphExecKernelNodeSetParams"), 20u * 2);
  ASSERT_EQ(next(sequence.become(count(20, 3))), 23); // two are there: one more at an old position
  EXPECT_EQ(fake().calls("cuGraphExecKernelNodeSetParams"), 20u * 2 + 2 * 2);
  phirt::abi::Choice choice{};
  ASSERT_TRUE(sequence.append(23, &choice));
  EXPECT_EQ(choice.token, 24);
  EXPECT_EQ(fake().calls("cuGraphInstantiateWithFlags"), 2u);
}

TEST_F(ChainTest, WhereBlocksCannotWait) {
  setenv("FAKE_CUDA_NO_GRIDS", "1", 1);
  DeviceModel toy;
  {
    auto engine = toy.open();
    ASSERT_TRUE(engine) << engine.error().message;
    Sequence sequence(*engine);
    EXPECT_EQ(next(sequence.become(count(10, 40))), 50);
    EXPECT_EQ(next(sequence.append(50)), 51);
  }
  EXPECT_EQ(fake().held(), 0u);
  const std::string none =
      "Fake H100 launches no cooperative grids (CU_DEVICE_ATTRIBUTE_COOPERATIVE_LAUNCH is 0)";
  EXPECT_EQ(toy.failure({.launching = Launching::Persistent}), "--launch=persistent: " + none);
  toy.device.regionCount = 0;
  EXPECT_EQ(toy.failure(), none + ": this program's kernel does not run in parts");
  unsetenv("FAKE_CUDA_NO_GRIDS");
  EXPECT_EQ(toy.failure(kChain), "--launch=chain: this program's kernel does not run in parts");
  EXPECT_EQ(toy.failure(), "");
}

TEST_F(ChainTest, EveryCallsFirstFaultIsToldByName) {
  constexpr const char *kCalls[] = {"cuLaunchKernel", "cuGraphCreate", "cuGraphAddKernelNode",
                                    "cuGraphInstantiateWithFlags", "cuGraphLaunch"};
  for (std::string call : kCalls) {
    SCOPED_TRACE(call);
    SetUp();
    DeviceModel toy;
    {
      auto engine = toy.open(kChain);
      ASSERT_TRUE(engine) << engine.error().message;
      setenv("FAKE_CUDA_FAIL", (call + ":1:999").c_str(), 1);
      Sequence sequence(*engine);
      auto logits = sequence.become(count(1, 20));
      ASSERT_FALSE(logits);
      EXPECT_NE(logits.error().message.find("CUDA_ERROR_UNKNOWN (999, a fake fault)"),
                std::string::npos)
          << logits.error().message;
    }
    EXPECT_EQ(fake().held(), 0u);
  }
}

/// What could not be set ahead is set when it is needed, or told then.
TEST_F(ChainTest, NodesThatCannotBeSet) {
  DeviceModel toy;
  auto engine = toy.open(kChain);
  ASSERT_TRUE(engine) << engine.error().message;
  Sequence sequence(*engine);
  setenv("FAKE_CUDA_FAIL", "cuGraphExecKernelNodeSetParams:1:999", 1);
  EXPECT_EQ(next(sequence.append(20)), 21);
  EXPECT_EQ(next(sequence.append(21)), 22);
  setenv("FAKE_CUDA_FAIL", "cuGraphExecKernelNodeSetParams:8:999", 1);
  ASSERT_EQ(fake().calls("cuGraphExecKernelNodeSetParams"), 5u);
  EXPECT_EQ(next(sequence.append(22)), 23);
  ASSERT_EQ(next(sequence.become(count(20, 2))), -1);
}

/// Where some nodes are set ahead and one is not, all are set anew, back to where they were too.
TEST_F(ChainTest, NodesThatAreHalfSet) {
  DeviceModel toy;
  auto engine = toy.open(kChain);
  ASSERT_TRUE(engine) << engine.error().message;
  setenv("FAKE_CUDA_FAIL", "cuGraphExecKernelNodeSetParams:2:999", 1);
  ASSERT_EQ(next(engine->forward(count(20, 1), 0, 1, false)), 21);
  ASSERT_EQ(fake().calls("cuGraphExecKernelNodeSetParams"), 2u);
  ASSERT_TRUE(engine->forward(count(20, 1), 0, 1, true)); // leaves an entry of another kind
  EXPECT_EQ(next(engine->forward(count(30, 1), 0, 1, false)), 31);
  EXPECT_EQ(next(engine->forward(count(31, 1), 1, 1, false)), 32);
}

TEST_F(ChainTest, ADeviceThatIsLost) {
  DeviceModel toy;
  auto engine = toy.open(kChain);
  ASSERT_TRUE(engine) << engine.error().message;
  setenv("FAKE_CUDA_LOSE", "4", 1); // the second launch of the second token
  Sequence sequence(*engine);
  ASSERT_TRUE(sequence.append(4));
  auto logits = sequence.append(5);
  ASSERT_FALSE(logits);
  EXPECT_NE(logits.error().message.find("running a pass: CUDA_ERROR_LAUNCH_FAILED"),
            std::string::npos)
      << logits.error().message;
}

} // namespace
