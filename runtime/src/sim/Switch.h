#pragma once
/// From one stack to another.

#include <cstddef>

extern "C" {
/// Saves what a call must keep on the stack at hand, its pointer in `*from`, and goes on where
/// `to` was saved. Floating-point modes are the same for all.
void phisim_switch(void **from, void *to);
}

namespace phirt::sim {

/// What to switch to for `entry` to be called on the stack that ends at `top`; it never returns.
void *makeStack(std::byte *top, void (*entry)());

} // namespace phirt::sim
