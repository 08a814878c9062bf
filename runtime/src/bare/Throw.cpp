// What the C++ library's headers call where they would throw. Programs are compiled without
// exceptions, so that each of these ends the program; the library's own versions would do so too,
// but bring the unwinder, the demangler, and the translation of messages along.
#include <cstdio>
#include <cstdlib>

static void stop(const char *what) {
  fprintf(stderr, "phidias: error: internal: %s\n", what);
  abort();
}

// clang-format off
namespace std {
[[noreturn]] void __throw_bad_exception() { stop("bad exception"); abort(); }
[[noreturn]] void __throw_bad_alloc() { stop("out of memory"); abort(); }
[[noreturn]] void __throw_bad_array_new_length() { stop("out of memory"); abort(); }
[[noreturn]] void __throw_bad_cast() { stop("bad cast"); abort(); }
[[noreturn]] void __throw_bad_typeid() { stop("bad typeid"); abort(); }
[[noreturn]] void __throw_logic_error(const char *what) { stop(what); abort(); }
[[noreturn]] void __throw_domain_error(const char *what) { stop(what); abort(); }
[[noreturn]] void __throw_invalid_argument(const char *what) { stop(what); abort(); }
[[noreturn]] void __throw_length_error(const char *what) { stop(what); abort(); }
[[noreturn]] void __throw_out_of_range(const char *what) { stop(what); abort(); }
[[noreturn]] void __throw_out_of_range_fmt(const char *what, ...) { stop(what); abort(); }
[[noreturn]] void __throw_runtime_error(const char *what) { stop(what); abort(); }
[[noreturn]] void __throw_range_error(const char *what) { stop(what); abort(); }
[[noreturn]] void __throw_overflow_error(const char *what) { stop(what); abort(); }
[[noreturn]] void __throw_underflow_error(const char *what) { stop(what); abort(); }
[[noreturn]] void __throw_bad_function_call() { stop("an empty function was called"); abort(); }
[[noreturn]] void __throw_bad_optional_access() { stop("an empty optional was read"); abort(); }
[[noreturn]] void __throw_bad_variant_access(const char *what) { stop(what); abort(); }
} // namespace std

/// Stands in the tables of abstract classes. The C++ library's own brings the same along.
extern "C" void __cxa_pure_virtual() { stop("a pure virtual function was called"); }

namespace __gnu_cxx {
/// The C++ library's own prints the demangled name of what was thrown: nothing is.
void __verbose_terminate_handler() { stop("terminate"); }
} // namespace __gnu_cxx
// clang-format on
