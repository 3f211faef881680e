/** Checks the files of requests to the servers of test/record/programs, whose functions are named after their URL. */

import type { RequestFile } from './program.ts';

/** Returns the functions in a file that serve only other URLs. */
export function foreignFunctions(file: RequestFile): string[] {
  const [, kind] = file.facts.url.split('/');
  const foreign = file.functions.filter((name) => /^(alpha|beta|gamma|delta)(Burst|Serve)$/.test(name));
  return foreign.filter((name) => !name.startsWith(kind ?? '')).map((name) => `${file.name}: ${name}`);
}

/** Returns the file if its name or status does not fit its request, or if its times contradict each other. */
export function findMismatch({ name, facts }: RequestFile): string[] {
  const [, kind = '', number = ''] = facts.url.split(/[/?]/);
  const named = name.startsWith(`${facts.method}.${kind}.${number}.`);
  const isStreamed = facts.url.includes('stream');
  const status = facts.aborted || facts.status === (kind === 'delta' && !isStreamed ? 500 : 200);
  const times = facts.busy <= facts.elapsed && facts.profiler <= facts.elapsed;
  return named && status && times ? [] : [`${name}: ${JSON.stringify(facts)}`];
}
