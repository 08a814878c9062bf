"""Memory of a tile op: one file in memory, mapped here and, where an emulator runs the op, in its process too."""
import ctypes
import mmap
import os

import numpy as np

PAGE = mmap.PAGESIZE


def protect(address, size):
    if ctypes.CDLL(None).mprotect(ctypes.c_void_p(address), ctypes.c_size_t(size), 0) != 0:
        raise SystemExit("mprotect failed")


class Memory:
    """Arrays one after the other, none ever freed; pages that nobody touches take no room."""

    def __init__(self, size=1 << 28):
        self.size, self.end, self.guards = size, 0, []
        self.file = os.fdopen(os.memfd_create("tile"), "r+b")
        self.file.truncate(size)
        self.bytes = np.frombuffer(mmap.mmap(self.file.fileno(), size), np.int8)
        self.address = self.bytes.ctypes.data

    def pages(self, size):
        """Start of that many bytes, a page's beginning."""
        start, self.end = self.end, self.end + -(-size // PAGE) * PAGE
        if self.end > self.size:
            raise SystemExit(f"a test's arrays need more than {self.size} bytes")
        return start

    def aligned(self, count, dtype=np.int8, fill=None):
        """At a multiple of 64, but not of 128; every byte is `fill` where given."""
        size = count * np.dtype(dtype).itemsize
        start = self.pages(size + 64) + 64
        return filled(self.bytes[start:start + size], fill).view(dtype)

    def guarded(self, shape, dtype=np.int8, fill=None):
        """An array whose last byte is followed by a page that nobody may touch: to read or write beyond it ends the program."""
        size = int(np.prod(shape)) * np.dtype(dtype).itemsize
        first = self.pages(size)
        guard = self.pages(PAGE)
        protect(self.address + guard, PAGE)
        self.guards.append(guard)
        start = guard - size
        assert start >= first
        return filled(self.bytes[start:guard], fill).view(dtype).reshape(shape)

    def offset(self, array):
        """Bytes from the memory's start to the array's."""
        offset = array.ctypes.data - self.address
        assert 0 <= offset <= self.size, "an array of another memory"
        return offset


def filled(array, fill):
    if fill is not None:
        array[:] = fill
    return array
