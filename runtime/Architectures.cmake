# Where a program may run. Of each architecture:
#   PHIRT_SUFFIX_*        of the names of its libraries; none for the machine that builds and tests
#   PHIRT_FLAGS_*         how clang is told to compile for it
#   PHIRT_KINDS_*         of programs: static; dynamic: those that load the driver of a device
#   PHIRT_LD_*            GNU ld, which prelinks
#   PHIRT_PCRE2_*, PHIRT_LLVM_SUPPORT_*   the leaf libraries that its compiler does not bring
#   PHIRT_GTEST_*, PHIRT_EMULATOR_*       what its tests are linked with and run under, where it is not this machine's
set(PHIRT_ARCHITECTURES x86_64 aarch64)

set(PHIRT_KINDS_x86_64 static dynamic)
find_program(PHIRT_LD_x86_64 NAMES x86_64-linux-gnu-ld ld.bfd ld REQUIRED)
find_library(PHIRT_PCRE2_x86_64 libpcre2-8.a REQUIRED)
find_library(PHIRT_LLVM_SUPPORT_x86_64 libLLVMSupport.a PATHS "${LLVM_LIBRARY_DIR}" NO_DEFAULT_PATH REQUIRED)

set(PHIRT_SUFFIX_aarch64 .aarch64)
set(PHIRT_KINDS_aarch64 static)
# Atomics by libgcc's functions, which take ARMv8.1's single instructions where the machine has them: where many cores come to one
# barrier at once, ldaxr/stlxr pairs fail and begin anew. ARMv8.0 (Cortex-A72) has the pairs alone and pays for a call.
# char is signed as on x86: one meaning of our code everywhere.
set(PHIRT_FLAGS_aarch64 --target=aarch64-linux-gnu -moutline-atomics -fsigned-char)
if(PHIDIAS_SANITIZE)
  list(APPEND PHIRT_FLAGS_aarch64 -fno-sanitize=all) # clang brings the sanitizers' libraries for this machine alone
endif()
# A core of ARMv8.0: an instruction of any later one ends the program.
set(PHIRT_EMULATOR_aarch64 qemu-aarch64 -cpu cortex-a72)
set(PHIDIAS_ARM64_LIBRARIES "${PROJECT_SOURCE_DIR}/.cache/arm64" CACHE PATH "Where scripts/fetch-arm64-libraries puts them")
find_program(PHIRT_LD_aarch64 NAMES aarch64-linux-gnu-ld)
find_library(PHIRT_PCRE2_aarch64 libpcre2-8.a PATHS "${PHIDIAS_ARM64_LIBRARIES}" NO_DEFAULT_PATH)
find_library(PHIRT_LLVM_SUPPORT_aarch64 libLLVMSupport.a PATHS "${PHIDIAS_ARM64_LIBRARIES}" NO_DEFAULT_PATH)
set(PHIRT_GTEST_aarch64 "${PHIDIAS_ARM64_LIBRARIES}/libgtest_main.a" "${PHIDIAS_ARM64_LIBRARIES}/libgtest.a")
foreach(needed LD PCRE2 LLVM_SUPPORT)
  if(NOT PHIRT_${needed}_aarch64)
    message(FATAL_ERROR "Programs for arm64 need PHIRT_${needed}_aarch64, which is missing: run scripts/install-packages")
  endif()
endforeach()
