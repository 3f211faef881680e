/** What the names of recordings tell: Node calls them CPU.<date>.<time>.<pid>.<tid>.<number>.cpuprofile. */

const NODE_NAME = /CPU\.\d{8}\.\d{6}\.(\d+)\.\d+\.(\d{3,})\.cpuprofile(?:\.gz)?$/;

/**
 * A note for each process of which several files are here and one is not. A process numbers its files from 001 on,
 * one for its main thread and one for each worker, in the order in which they ended.
 */
export function missingFileNotes(sources: readonly string[]): string[] {
  const numbers = new Map<string, Set<number>>();
  for (const source of sources) {
    const [, pid, number] = NODE_NAME.exec(source) ?? [];
    if (pid === undefined) continue;
    numbers.set(pid, (numbers.get(pid) ?? new Set()).add(Number(number)));
  }
  return [...numbers].flatMap(([pid, present]) => {
    if (present.size < 2) return [];
    const last = [...present].reduce((most, number) => Math.max(most, number));
    const missing = Array.from({ length: last }, (_, i) => i + 1).filter((number) => !present.has(number));
    const files = missing.map((number) => String(number).padStart(3, '0')).join(', ');
    return missing.length === 0 || missing.length > MOST_MISSING
      ? []
      : [`process ${pid} wrote a file ${files} that is not here: the time of a worker is not counted`];
  });
}

/** With more than this many gone, somebody chose the files. */
const MOST_MISSING = 20;
