# phirt_prelinked: lib/phidias/runtime/x86_64-linux/phirt.o, the runtime with the C++ library, the C library and the
# start-up files in one relocatable object. `phidias compile` links it with a model's object by lld alone:
#   ld.lld --gc-sections -static phirt.o model.o -o program
# Only phirt_model stays undefined. GNU ld makes it: it knows --unique. Nothing unwinds: no tables for it.
find_program(PHIRT_GNU_LD NAMES x86_64-linux-gnu-ld ld.bfd ld REQUIRED)
find_library(PHIRT_LLVM_SUPPORT libLLVMSupport.a PATHS "${LLVM_LIBRARY_DIR}" NO_DEFAULT_PATH REQUIRED)

# phirt_toolchain_file(variable name): where the compiler finds a start-up file or a static library.
function(phirt_toolchain_file variable name)
  execute_process(COMMAND "${CMAKE_CXX_COMPILER}" -print-file-name=${name}
    OUTPUT_VARIABLE path OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  if(NOT EXISTS "${path}")
    message(FATAL_ERROR "${name}: not found by ${CMAKE_CXX_COMPILER}")
  endif()
  set(${variable} "${path}" PARENT_SCOPE)
endfunction()

foreach(file crt1.o crti.o crtn.o libstdc++.a libm.a libgcc.a libgcc_eh.a libc.a)
  phirt_toolchain_file(PHIRT_FILE_${file} ${file})
endforeach()

# What generated code may call and the runtime itself does not.
set(PHIRT_GENERATED_CALLS memcpy memmove memset memcmp expf exp logf log powf pow sinf sin cosf cos sincosf sqrtf
  fmaf tanhf erff exp2f log2f roundf rintf floorf ceilf truncf fmodf __truncsfhf2 __extendhfsf2 __truncsfbf2)
list(TRANSFORM PHIRT_GENERATED_CALLS PREPEND "-u;" OUTPUT_VARIABLE PHIRT_KEEP)

get_property(PHIRT_LIBRARIES GLOBAL PROPERTY PHIRT_LIBRARIES)
set(PHIRT_ARCHIVES)
foreach(library ${PHIRT_LIBRARIES})
  list(APPEND PHIRT_ARCHIVES "$<TARGET_FILE:${library}>")
endforeach()

# Every section stays as it came: -r would join those of one name, and --gc-sections then keeps all of the C library.
set(PHIRT_UNIQUE --unique=.text* --unique=.rodata* --unique=.data* --unique=.bss*)

set(PHIRT_PRELINKED "${CMAKE_BINARY_DIR}/lib/phidias/runtime/x86_64-linux/phirt.o")
add_custom_command(OUTPUT "${PHIRT_PRELINKED}"
  COMMAND "${CMAKE_COMMAND}" -E make_directory "${CMAKE_BINARY_DIR}/lib/phidias/runtime/x86_64-linux"
  COMMAND "${PHIRT_GNU_LD}" -r ${PHIRT_UNIQUE} -o "${PHIRT_PRELINKED}.new" ${PHIRT_KEEP}
    "${PHIRT_FILE_crt1.o}" "${PHIRT_FILE_crti.o}"
    --whole-archive ${PHIRT_ARCHIVES} --no-whole-archive
    --start-group "${PCRE2_STATIC}" "${PHIRT_LLVM_SUPPORT}" "${PHIRT_FILE_libstdc++.a}" "${PHIRT_FILE_libm.a}"
    "${PHIRT_FILE_libgcc.a}" "${PHIRT_FILE_libgcc_eh.a}" "${PHIRT_FILE_libc.a}" --end-group
    "${PHIRT_FILE_crtn.o}" -T "${CMAKE_CURRENT_SOURCE_DIR}/prelink.ld"
  COMMAND "${CMAKE_COMMAND}" -E rename "${PHIRT_PRELINKED}.new" "${PHIRT_PRELINKED}"
  DEPENDS ${PHIRT_LIBRARIES} "${CMAKE_CURRENT_SOURCE_DIR}/prelink.ld" COMMAND_EXPAND_LISTS VERBATIM
  COMMENT "Prelinking the runtime")
add_custom_target(phirt_prelinked ALL DEPENDS "${PHIRT_PRELINKED}")
