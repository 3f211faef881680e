/** White space of JSON. A file of its own, for Biome cannot read what stands before `afterBlanks`. */

export function byte(at: u32): u8 {
  return load<u8>(at);
}

export function isBlank(character: u8): boolean {
  return character == 0x20 || character == 0x0a || character == 0x0d || character == 0x09;
}

/**
 * The first byte at or after `at` that is no white space. Copied to where it is called, which is between any two things:
 * that makes the kernel half as large again, and a fifth faster.
 */
@inline
export function afterBlanks(at: u32): u32 {
  return byte(at) > 0x20 ? at : afterManyBlanks(at);
}

/** Pretty-printed files hold more blanks than anything else. */
function afterManyBlanks(start: u32): u32 {
  let at = start;
  while (true) {
    const sixteen = v128.load(at);
    const marks = i8x16.bitmask(i8x16.gt_u(sixteen, i8x16.splat(0x20)));
    const count: u32 = marks == 0 ? 16 : ctz(marks);
    for (let i: u32 = 0; i < count; i++) if (!isBlank(byte(at + i))) return at + i;
    if (count < 16) return at + count;
    at += 16;
  }
}
