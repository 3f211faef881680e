/** Returns the system error code, such as `ENOENT`, or the message of an error without one. */
export function systemErrorCode(error: unknown): string {
  if (error instanceof Error && 'code' in error) return String(error.code);
  return error instanceof Error ? error.message : String(error);
}
