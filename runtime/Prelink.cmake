# phirt_prelinked: lib/phidias/runtime/ARCHITECTURE-linux/phirt.o, the runtime with the C++ library, the C library and the
# start-up files in one relocatable object. `phidias compile` links it with a model's object by lld alone:
#   ld.lld --gc-sections -static phirt.o model.o -o program
# Only phirt_model stays undefined. In ARCHITECTURE-linux-dynamic lies the same without the C library, for programs that load
# a driver, and beside it stubs of the C library, which stand for it when the program is linked. GNU ld makes it: it knows --unique. Nothing unwinds: no tables for it.

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

# phirt_prelink(architecture kind): appends its object to PHIRT_PRELINKED. KIND: static, or dynamic: without the C library.
function(phirt_prelink architecture kind)
  foreach(file crt1.o crti.o crtn.o libstdc++.a libm.a libgcc.a libgcc_eh.a libc.a)
    phirt_toolchain_file(FILE_${file} ${architecture} ${file})
  endforeach()
  get_property(libraries GLOBAL PROPERTY PHIRT_LIBRARIES_${architecture}_${kind})
  set(archives)
  foreach(library ${libraries})
    list(APPEND archives "$<TARGET_FILE:${library}>")
  endforeach()
  set(folder "${CMAKE_BINARY_DIR}/lib/phidias/runtime/${architecture}-linux")
  set(start "${FILE_crt1.o}" "${FILE_crti.o}")
  set(end "${FILE_crtn.o}")
  set(c "${FILE_libm.a}" "${FILE_libc.a}")
  if(kind STREQUAL dynamic)
    string(APPEND folder "-dynamic")
    unset(start)
    unset(end)
    unset(c)
  endif()
  add_custom_command(OUTPUT "${folder}/phirt.o"
    COMMAND "${CMAKE_COMMAND}" -E make_directory "${folder}"
    COMMAND "${PHIRT_LD_${architecture}}" -r ${PHIRT_UNIQUE} -o "${folder}/phirt.o.new" ${PHIRT_KEEP} ${start}
      --whole-archive ${archives} --no-whole-archive
      --start-group "${PHIRT_PCRE2_${architecture}}" "${PHIRT_LLVM_SUPPORT_${architecture}}" "${FILE_libstdc++.a}"
      "${FILE_libgcc.a}" "${FILE_libgcc_eh.a}" ${c} --end-group
      ${end} -T "${CMAKE_CURRENT_SOURCE_DIR}/prelink.ld"
    COMMAND "${CMAKE_COMMAND}" -E rename "${folder}/phirt.o.new" "${folder}/phirt.o"
    DEPENDS ${libraries} "${CMAKE_CURRENT_SOURCE_DIR}/prelink.ld" COMMAND_EXPAND_LISTS VERBATIM
    COMMENT "Prelinking the runtime for ${architecture}, ${kind}")
  set(outputs "${folder}/phirt.o")
  if(kind STREQUAL dynamic)
    phirt_stub_libraries(${architecture} "${folder}")
    list(APPEND outputs "${folder}/libc.so.6")
  endif()
  set(PHIRT_PRELINKED "${PHIRT_PRELINKED};${outputs}" PARENT_SCOPE)
endfunction()

# phirt_stub_libraries(architecture folder): what the runtime in `folder` is linked with, where a program loads the C library
# when it starts. Until 2.34 dlopen and threads were in libraries of their own: they are named, so that older systems load them.
function(phirt_stub_libraries architecture folder)
  set(soft libm.so.6 libdl.so.2 libpthread.so.0)
  foreach(library libc.so.6 libm.so.6)
    phirt_toolchain_file(FILE_${library} ${architecture} ${library})
  endforeach()
  list(JOIN PHIRT_GENERATED_CALLS "," names)
  list(TRANSFORM soft PREPEND "${folder}/")
  set(script "${CMAKE_CURRENT_SOURCE_DIR}/stub_libraries.py")
  add_custom_command(OUTPUT "${folder}/libc.so.6" BYPRODUCTS ${soft}
    COMMAND "${Python3_EXECUTABLE}" -B "${script}" --object "${folder}/phirt.o" --out "${folder}"
      --tools "${CMAKE_READELF}" "${CMAKE_CXX_COMPILER}" "${PHIRT_LD_${architecture}}" --names "${names}"
      --empty libdl.so.2 --empty libpthread.so.0 "${FILE_libc.so.6}" "${FILE_libm.so.6}"
    DEPENDS "${folder}/phirt.o" "${script}" VERBATIM COMMENT "Stubs of the C library for ${architecture}")
endfunction()

set(PHIRT_PRELINKED)
foreach(architecture ${PHIRT_ARCHITECTURES})
  foreach(kind ${PHIRT_KINDS_${architecture}})
    phirt_prelink(${architecture} ${kind})
  endforeach()
endforeach()
add_custom_target(phirt_prelinked ALL DEPENDS ${PHIRT_PRELINKED})
