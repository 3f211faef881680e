/** JSON's white space. In a file of its own: Biome does not parse the decorator of `skipWhitespace`. */

export function byte(at: u32): u8 {
  return load<u8>(at);
}

export function isWhitespace(character: u8): boolean {
  return character == 0x20 || character == 0x0a || character == 0x0d || character == 0x09;
}

/**
 * Returns the first position from `at` that is not white space. Inlined: called between any two tokens, it makes the kernel
 * 50% larger and 20% faster.
 */
@inline
export function skipWhitespace(at: u32): u32 {
  return byte(at) > 0x20 ? at : skipLongWhitespace(at);
}

/** Pretty-printed files consist mostly of white space. */
function skipLongWhitespace(start: u32): u32 {
  let at = start;
  while (true) {
    const sixteen = v128.load(at);
    const marks = i8x16.bitmask(i8x16.gt_u(sixteen, i8x16.splat(0x20)));
    const count: u32 = marks == 0 ? 16 : ctz(marks);
    for (let i: u32 = 0; i < count; i++) if (!isWhitespace(byte(at + i))) return at + i;
    if (count < 16) return at + count;
    at += 16;
  }
}
