/** The lines that a unified diff without context (`diff -U0`) removes and adds. */

export interface ChangedLines {
  /** file before -> lines that are gone or replaced, from 1 */
  readonly before: ReadonlyMap<string, ReadonlySet<number>>;
  /** file after -> lines that are new or replace others, from 1 */
  readonly after: ReadonlyMap<string, ReadonlySet<number>>;
}

/** Files are named without the prefixes `a/` and `b/`. What is no diff has no lines. */
export function parseDiff(diff: string): ChangedLines {
  const changed = { before: new Map<string, Set<number>>(), after: new Map<string, Set<number>>() };
  let files = { before: '', after: '' };
  // Lines of a hunk that are still to come: a removed line `-- a/x` looks like the name of a file.
  let rest = 0;
  for (const line of diff.split('\n')) {
    if (rest > 0 && /^[-+]/.test(line)) {
      rest--;
      continue;
    }
    const [, sign, name] = /^(---|\+\+\+) (.*)$/.exec(line) ?? [];
    if (name !== undefined) files = { ...files, [sign === '---' ? 'before' : 'after']: fileOf(name) };
    const hunk = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (hunk === null) continue;
    const [from, fromCount, to, toCount] = [hunk[1], hunk[2] ?? 1, hunk[3], hunk[4] ?? 1].map(Number);
    addLines(changed.before, files.before, from ?? 0, fromCount ?? 0);
    addLines(changed.after, files.after, to ?? 0, toCount ?? 0);
    rest = (fromCount ?? 0) + (toCount ?? 0);
  }
  return changed;
}

/** Git quotes names with special characters as C does, and ends others that hold spaces with a tab. */
function fileOf(name: string): string {
  const plain = name.startsWith('"') ? unquote(name) : name.replace(/\t$/, '');
  return plain.replace(/^[ab]\//, '');
}

function unquote(name: string): string {
  const bytes = name.slice(1, -1).replace(/\\([0-7]{3}|.)/g, (_, code: string) => {
    if (code.length === 3) return String.fromCharCode(Number.parseInt(code, 8));
    return { n: '\n', t: '\t', r: '\r' }[code] ?? code;
  });
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** A diff may claim any number of lines. */
const MAX_LINES = 1e6;

function addLines(files: Map<string, Set<number>>, file: string, from: number, count: number): void {
  if (count === 0) return;
  const lines = files.get(file) ?? new Set();
  for (let line = from; line < from + Math.min(count, MAX_LINES); line++) lines.add(line);
  files.set(file, lines);
}
