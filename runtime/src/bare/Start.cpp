// Parts of the start-up files and of the C library that programs take in this form.
extern "C" {
/// crtbeginT.o brings it, and with it the registration of unwind tables, which programs leave out.
/// Names this program to __cxa_atexit: there is no other.
void *__dso_handle = nullptr;

/// What a thread that ends would free, name servers among it: threads end with the program.
void __libc_thread_freeres() {}

/// Where the C library would look for converters of character sets: in shared libraries, which it
/// brings a loader for. Programs stay in its own locale, which needs none.
void *__gconv_find_shlib(const char *) { return nullptr; }
void __gconv_release_shlib(void *) {}
}
