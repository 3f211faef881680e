/** Rules for comparing functions by name. */

/** Whether the name identifies a function within its file: an empty name and `<lambda>` do not. */
export function hasOwnName(name: string): boolean {
  return !/^(?:$|<(?!module>))/.test(name);
}

/** Returns the name without object addresses such as ` at 0x7f13…`, which differ between runs. */
export function withoutAddresses(name: string): string {
  return name.includes(' at 0x') ? name.replace(/ at 0x[0-9a-fA-F]+/g, '') : name;
}
