#pragma once
#include "phirt/abi.h"

/// Appends to the cache; the logits; nothing; the choice.
inline constexpr phirt::abi::Region kToyRegions[] = {{phirt::abi::RegionKind::Narrow, 0},
                                                     {phirt::abi::RegionKind::Wide, 1},
                                                     {phirt::abi::RegionKind::Wide, 2},
                                                     {phirt::abi::RegionKind::Joined, 2}};

/// The toy model of ../fake/FakeModel.cpp as a kernel: `argument` is a ForwardArgs, of the whole
/// pass or of some of its regions. False where that is not what a kernel is promised.
bool runToyKernel(void *argument, unsigned blocks, unsigned blockThreads, unsigned sharedBytes);
