# The kinds of target that this project has, one function each.
#
# Compiler code is compiled as LLVM is (no exceptions, no RTTI) against one precompiled header of the MLIR headers, so
# that many small files cost nothing. Give NO_MLIR to a library whose files need LLVM's support library alone.

set(PHIDIAS_COMPILER_FLAGS -fno-exceptions -fno-rtti -ffunction-sections -fdata-sections)

function(phidias_compiler_settings target)
  target_compile_options(${target} PRIVATE ${PHIDIAS_COMPILER_FLAGS})
  target_include_directories(${target} SYSTEM PRIVATE ${MLIR_INCLUDE_DIRS} ${LLVM_INCLUDE_DIRS})
  target_include_directories(${target} PUBLIC
    "${PROJECT_SOURCE_DIR}/include" "${PROJECT_BINARY_DIR}/include"
    "${PROJECT_SOURCE_DIR}" "${PROJECT_BINARY_DIR}"
    "${PROJECT_SOURCE_DIR}/runtime/include")
  # The definitions that LLVM was built with, without the ones that CMake adds for Debug.
  separate_arguments(definitions NATIVE_COMMAND "${LLVM_DEFINITIONS}")
  target_compile_options(${target} PRIVATE ${definitions})
endfunction()

# phidias_add_library(Name [NO_MLIR] SOURCES a.cpp ... [LINK OtherLib ...] [DEPENDS TableGenTarget ...])
function(phidias_add_library name)
  cmake_parse_arguments(ARG "NO_MLIR" "" "SOURCES;LINK;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  phidias_compiler_settings(${name})
  if(NOT ARG_NO_MLIR)
    target_precompile_headers(${name} REUSE_FROM PhidiasPch)
    target_link_libraries(${name} PUBLIC MLIR)
  endif()
  target_link_libraries(${name} PUBLIC LLVM ${ARG_LINK})
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
endfunction()

# phidias_add_tool(name SOURCES a.cpp ... [LINK Lib ...] [EXCEPTIONS])
# EXCEPTIONS: for the tools that use Boost.Program_options, which throws.
function(phidias_add_tool name)
  cmake_parse_arguments(ARG "EXCEPTIONS" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  phidias_compiler_settings(${name})
  if(ARG_EXCEPTIONS)
    target_compile_options(${name} PRIVATE -fexceptions -frtti)
  else()
    target_precompile_headers(${name} REUSE_FROM PhidiasPch)
  endif()
  target_link_libraries(${name} PRIVATE ${ARG_LINK} MLIR LLVM)
endfunction()

# phidias_add_unittest(name SOURCES a.cpp ... [LINK Lib ...]): a GoogleTest program, run by ctest as one test.
function(phidias_add_unittest name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  phidias_compiler_settings(${name})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} GTest::gtest GTest::gtest_main LLVM)
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}")
endfunction()
