/**
 * Whether a file begins like a marshalled dict: with `{` and the reference flag (0xfb, which no text begins with), or with
 * `{` and a byte that JSON does not allow after it. unsupported-formats.ts rejects other marshalled values by name.
 */
export function beginsLikeMarshal(bytes: Uint8Array): boolean {
  const [first, second = 0] = bytes;
  if (first !== 0x7b) return first === 0xfb;
  const isJson = ' \t\r\n"}'.includes(String.fromCharCode(second));
  // Text that begins with a brace has no control character close after it; lengths and counts are such.
  const isBinary = second >= 0x80 || bytes.subarray(0, 16).some((byte) => byte < 0x09);
  return !isJson && (bytes.length <= 2 || isBinary);
}
