/** The code of an error of Node or the operating system (`ENOENT`, `ERR_…`, `Z_…`); null for any other value. */
export function errorCodeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** The code of an error of the operating system (`ENOENT`) or of `node --permission`; null for any other value, a defect. */
export function errnoCodeOf(error: unknown): string | null {
  const code = errorCodeOf(error);
  return code !== null && /^E[A-Z\d]+$|^ERR_ACCESS_DENIED$/.test(code) ? code : null;
}

/** What the operating system said: `ENOENT`, or the message of an error that has no code. */
export function systemErrorCode(error: unknown): string {
  if (error instanceof Error && 'code' in error) return String(error.code);
  return error instanceof Error ? error.message : String(error);
}
