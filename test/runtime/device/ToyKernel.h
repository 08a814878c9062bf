#pragma once

/// The toy model of ../fake/FakeModel.cpp as a kernel: `argument` is a ForwardArgs.
/// False where that is not what a kernel is promised.
bool runToyKernel(void *argument, unsigned blocks, unsigned blockThreads, unsigned sharedBytes);
