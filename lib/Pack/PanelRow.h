#pragma once
/// One row of a panel being written: see dialects/phi/Panel.md for the bytes.

#include "dialects/phi/Panel.h"
#include <cstring>

namespace phidias {

/// Places the parts of row `row` in its panel, column group by column group.
class PanelRow {
public:
  PanelRow(uint8_t *panel, const phi::StepLayout &layout, int64_t row)
      : panel(panel), layout(layout), row(row) {}

  /// 16 bytes of nibbles, as GGUF has them: low ones columns 0-15 of the group, high ones 16-31.
  void nibbles(int64_t group, const uint8_t *source) const {
    scatter(step(group) + layout.codes + group % 2 * 4 * phi::kLineBytes, source, 4);
  }
  /// 32 codes of 8 bits.
  void bytes(int64_t group, const uint8_t *codes) const {
    scatter(step(group) + layout.codes + group % 2 * 8 * phi::kLineBytes, codes, 8);
  }
  /// Bits 4 and 5 of 32 codes.
  void highBits(int64_t group, const uint8_t *codes) const {
    uint8_t *lines = step(group) + layout.high + group % 2 * 2 * phi::kLineBytes + 4 * row;
    for (int64_t part = 0; part < 2; ++part)
      for (int64_t i = 0; i < 4; ++i) {
        const uint8_t *code = codes + 16 * part + i;
        lines[part * phi::kLineBytes + i] = static_cast<uint8_t>(
            code[0] >> 4 | code[4] >> 4 << 2 | code[8] >> 4 << 4 | code[12] >> 4 << 6);
      }
  }
  /// The bits of a group's f16 scale, and minimum.
  void scale(int64_t group, uint16_t bits) const { half(step(group) + layout.scales, group, bits); }
  void minimum(int64_t group, uint16_t bits) const {
    half(step(group) + layout.minima, group, bits);
  }
  /// The i8 scale of 16 columns, and the f32 that multiplies those of a step.
  void scaleOfQuarter(int64_t quarter, uint8_t value) const {
    panel[quarter / 4 * layout.bytes + layout.scales + quarter % 4 * phi::kPanelRows + row] = value;
  }
  void super(int64_t step, float value) const {
    std::memcpy(panel + step * layout.bytes + layout.super + 4 * row, &value, 4);
  }
  /// A plain element of 4 bytes; a pair of bf16, columns 2 * `pair` and the next; an f16.
  void f32(int64_t column, const uint8_t *source) const { dword(column, source); }
  void bf16(int64_t pair, const uint8_t *source) const { dword(pair, source); }
  void f16(int64_t column, const uint8_t *source) const {
    std::memcpy(panel + column * phi::kLineBytes / 2 + 2 * row, source, 2);
  }

private:
  uint8_t *step(int64_t group) const { return panel + group / 2 * layout.bytes; }
  void dword(int64_t line, const uint8_t *source) const {
    std::memcpy(panel + line * phi::kLineBytes + 4 * row, source, 4);
  }
  void scatter(uint8_t *lines, const uint8_t *source, int64_t count) const {
    for (int64_t j = 0; j < count; ++j)
      std::memcpy(lines + j * phi::kLineBytes + 4 * row, source + 4 * j, 4);
  }
  void half(uint8_t *line, int64_t group, uint16_t bits) const {
    std::memcpy(line + group % 2 * phi::kLineBytes / 2 + 2 * row, &bits, 2);
  }

  uint8_t *panel;
  const phi::StepLayout &layout;
  int64_t row;
};

} // namespace phidias
