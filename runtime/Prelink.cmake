# phirt_prelinked: lib/phidias/runtime/ARCHITECTURE-linux/phirt.o, the runtime with the C++ library, the C library and the
# start-up files in one relocatable object. `phidias compile` links it with a model's object by lld alone:
#   ld.lld --gc-sections -static phirt.o model.o -o program
# Only phirt_model stays undefined. GNU ld makes it: it knows --unique. Nothing unwinds: no tables for it.

# What generated code may call and the runtime itself does not.
set(PHIRT_GENERATED_CALLS memcpy memmove memset memcmp expf exp logf log powf pow sinf sin cosf cos sincosf sqrtf
  fmaf tanhf erff exp2f log2f roundf rintf floorf ceilf truncf fmodf __truncsfhf2 __extendhfsf2 __truncsfbf2)
list(TRANSFORM PHIRT_GENERATED_CALLS PREPEND "-u;" OUTPUT_VARIABLE PHIRT_KEEP)

# Every section stays as it came: -r would join those of one name, and --gc-sections then keeps all of the C library.
set(PHIRT_UNIQUE --unique=.text* --unique=.rodata* --unique=.data* --unique=.bss*)

# phirt_toolchain_file(variable architecture name): where the compiler finds a start-up file or a static library.
function(phirt_toolchain_file variable architecture name)
  execute_process(COMMAND "${CMAKE_CXX_COMPILER}" ${PHIRT_FLAGS_${architecture}} -print-file-name=${name}
    OUTPUT_VARIABLE path OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  if(NOT EXISTS "${path}")
    message(FATAL_ERROR "${name} of ${architecture}: not found by ${CMAKE_CXX_COMPILER}: run scripts/install-packages")
  endif()
  set(${variable} "${path}" PARENT_SCOPE)
endfunction()

# phirt_prelink(architecture): appends its object to PHIRT_PRELINKED.
function(phirt_prelink architecture)
  foreach(file crt1.o crti.o crtn.o libstdc++.a libm.a libgcc.a libgcc_eh.a libc.a)
    phirt_toolchain_file(FILE_${file} ${architecture} ${file})
  endforeach()
  get_property(libraries GLOBAL PROPERTY PHIRT_LIBRARIES_${architecture})
  set(archives)
  foreach(library ${libraries})
    list(APPEND archives "$<TARGET_FILE:${library}>")
  endforeach()
  set(folder "${CMAKE_BINARY_DIR}/lib/phidias/runtime/${architecture}-linux")
  add_custom_command(OUTPUT "${folder}/phirt.o"
    COMMAND "${CMAKE_COMMAND}" -E make_directory "${folder}"
    COMMAND "${PHIRT_LD_${architecture}}" -r ${PHIRT_UNIQUE} -o "${folder}/phirt.o.new" ${PHIRT_KEEP}
      "${FILE_crt1.o}" "${FILE_crti.o}"
      --whole-archive ${archives} --no-whole-archive
      --start-group "${PHIRT_PCRE2_${architecture}}" "${PHIRT_LLVM_SUPPORT_${architecture}}" "${FILE_libstdc++.a}"
      "${FILE_libm.a}" "${FILE_libgcc.a}" "${FILE_libgcc_eh.a}" "${FILE_libc.a}" --end-group
      "${FILE_crtn.o}" -T "${CMAKE_CURRENT_SOURCE_DIR}/prelink.ld"
    COMMAND "${CMAKE_COMMAND}" -E rename "${folder}/phirt.o.new" "${folder}/phirt.o"
    DEPENDS ${libraries} "${CMAKE_CURRENT_SOURCE_DIR}/prelink.ld" COMMAND_EXPAND_LISTS VERBATIM
    COMMENT "Prelinking the runtime for ${architecture}")
  set(PHIRT_PRELINKED "${PHIRT_PRELINKED};${folder}/phirt.o" PARENT_SCOPE)
endfunction()

set(PHIRT_PRELINKED)
foreach(architecture ${PHIRT_ARCHITECTURES})
  phirt_prelink(${architecture})
endforeach()
add_custom_target(phirt_prelinked ALL DEPENDS ${PHIRT_PRELINKED})
