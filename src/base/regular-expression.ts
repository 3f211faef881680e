/** Regular expressions as people write them in patterns. */

/** Splits `/regexp/flags`. Returns null for plain text. */
export function splitRegularExpression(pattern: string): { readonly source: string; readonly flags: string } | null {
  const [, source, flags] = /^\/(.+)\/([a-z]*)$/s.exec(pattern) ?? [];
  return source === undefined || flags === undefined || !areFlags(flags) ? null : { source, flags };
}

function areFlags(flags: string): boolean {
  try {
    new RegExp('', flags);
    return true;
  } catch {
    return false;
  }
}
