#include "model/ProgramFile.h"
#include <elf.h>
#include <link.h>
#include <span>
#include <sys/auxv.h>

namespace phirt {

using Headers = std::span<const ElfW(Phdr)>;

/// What was added to the addresses in the file: 0 in a program without PIE.
static uintptr_t loadBias(Headers headers) {
  for (const ElfW(Phdr) &header : headers)
    if (header.p_type == PT_PHDR)
      return reinterpret_cast<uintptr_t>(headers.data()) - header.p_vaddr;
  return 0;
}

Result<uint64_t> programFileOffset(const void *address) {
  Headers headers(reinterpret_cast<const ElfW(Phdr) *>(getauxval(AT_PHDR)), getauxval(AT_PHNUM));
  uintptr_t place = reinterpret_cast<uintptr_t>(address) - loadBias(headers);
  for (const ElfW(Phdr) &header : headers)
    if (header.p_type == PT_LOAD && place - header.p_vaddr < header.p_filesz)
      return place - header.p_vaddr + header.p_offset;
  return error("the model descriptor lies in no segment of the program's file");
}

} // namespace phirt
