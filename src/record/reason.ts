/** Why something failed. Imports nothing: it runs in recorded programs, whose Node may be older than pstat's. */

/** One line, without the path at the end of a system error's message: it differs from file to file. Not escaped. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split('\n', 1)[0] ?? '').replace(/^(E[A-Z]+: [^,]*), .*$/, '$1');
}
