# What a program does besides tokens and templates, and its main.
phirt_add_library(phirt_core SOURCES
  args/Flags.cpp args/Help.cpp args/Numbers.cpp args/Parse.cpp
  generate/Answer.cpp generate/TextStream.cpp
  machine/Features.cpp
  model/BusError.cpp model/Code.cpp model/Engine.cpp model/PassMemory.cpp model/ProgramFile.cpp model/Sequence.cpp
  model/TeamExecutor.cpp model/Weights.cpp
  profile/Machine.cpp profile/Profile.cpp profile/Report.cpp profile/Trace.cpp
  sampler/Processors.cpp sampler/Sampler.cpp sampler/Weight.cpp
  support/Input.cpp support/Interrupt.cpp support/Json.cpp support/Mapping.cpp support/NpyFile.cpp
  support/Output.cpp
  threads/Barrier.cpp threads/Cores.cpp threads/Team.cpp
  verbs/Bench.cpp verbs/Chat.cpp verbs/Generate.cpp verbs/Logits.cpp verbs/Perplexity.cpp
  verbs/Passes.cpp verbs/Profile.cpp verbs/Prompt.cpp verbs/Tokenize.cpp verbs/Verbs.cpp verbs/Verify.cpp
  SOURCES_x86_64 machine/FeaturesX86.cpp support/Bfloat16.cpp
  SOURCES_aarch64 machine/FeaturesArm.cpp
  DEFINITIONS PHIRT_VERSION="${PROJECT_VERSION}"
  INCLUDES ${LLVM_INCLUDE_DIRS})
# What runs for each token, or measures: for speed. All else is compiled for size.
set_source_files_properties(profile/Machine.cpp sampler/Processors.cpp sampler/Sampler.cpp sampler/Weight.cpp threads/Barrier.cpp
  verbs/Perplexity.cpp PROPERTIES COMPILE_OPTIONS -O2)
phirt_add_library(phirt_main SOURCES main/Main.cpp)
# What runs on a device, or that nothing does.
phirt_add_library(phirt_cuda KINDS dynamic INCLUDES ${LLVM_INCLUDE_DIRS} SOURCES
  device/cuda/Chain.cpp device/cuda/CudaExecutor.cpp device/cuda/Driver.cpp device/cuda/Gpu.cpp device/cuda/Graph.cpp device/cuda/Image.cpp device/cuda/Jit.cpp
  device/cuda/Kernel.cpp device/cuda/KernelCache.cpp device/cuda/Memory.cpp device/cuda/Progress.cpp
  device/cuda/UnpackText.cpp device/cuda/Upload.cpp)
phirt_add_library(phirt_no_device KINDS static SOURCES device/NoDevice.cpp)
# In programs alone: tests keep the C++ library's own.
phirt_add_library(phirt_bare SOURCES bare/Memory.cpp bare/NoJit.cpp bare/Throw.cpp)
phirt_add_library(phirt_bare_static KINDS static SOURCES bare/Start.cpp)
phirt_add_library(phirt_bare_dynamic KINDS dynamic SOURCES bare/DynamicStart.cpp)
# What programs of cuda-sim run on. Nothing of it is in other programs.
phirt_add_library(phirt_sim KINDS static SOURCES
  sim/Access.cpp sim/Async.cpp sim/AsyncCopy.cpp sim/Barriers.cpp sim/BulkCopy.cpp sim/Counts.cpp sim/CountsTable.cpp sim/Dot.cpp sim/Identity.cpp
  sim/Launch.cpp sim/Ldmatrix.cpp sim/MatrixDescriptor.cpp sim/Mbarrier.cpp sim/Memory.cpp sim/Mma.cpp sim/Permute.cpp sim/Report.cpp sim/Requests.cpp sim/Schedule.cpp
  sim/Shadow.cpp sim/Shuffle.cpp sim/Switch.cpp sim/Totals.cpp sim/Warpgroup.cpp sim/Wgmma.cpp)
set_source_files_properties(sim/Access.cpp sim/Async.cpp sim/AsyncCopy.cpp sim/Barriers.cpp sim/BulkCopy.cpp sim/Counts.cpp sim/Dot.cpp sim/Identity.cpp
  sim/Ldmatrix.cpp sim/MatrixDescriptor.cpp sim/Mbarrier.cpp sim/Memory.cpp sim/Mma.cpp sim/Permute.cpp sim/Requests.cpp sim/Schedule.cpp sim/Shadow.cpp
  sim/Shuffle.cpp sim/Warpgroup.cpp
  PROPERTIES COMPILE_OPTIONS -O2)
