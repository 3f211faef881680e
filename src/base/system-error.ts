/** What the operating system said: `ENOENT`, or the message of an error that has no code. */
export function systemErrorCode(error: unknown): string {
  if (error instanceof Error && 'code' in error) return String(error.code);
  return error instanceof Error ? error.message : String(error);
}
