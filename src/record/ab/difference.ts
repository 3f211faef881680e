/** What differs between two versions: git's diff, and the files of both. */

import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { git, type Repository, runGit } from './git.ts';
import type { Planned, PlannedVersion } from './versions.ts';

export interface Difference {
  /** Without context. */
  readonly diff: string;
  /** The text of a file, as the diff names it; null if it cannot be read. */
  readonly before: (file: string) => Promise<string | null>;
  readonly after: (file: string) => Promise<string | null>;
}

const DIFF = [
  ...['-c', 'core.quotePath=false', 'diff', '--no-color', '--no-ext-diff', '--no-textconv', '-U0'],
  ...['--src-prefix=a/', '--dst-prefix=b/'],
];

/**
 * Throws PstatError (`unreadable`) if git cannot compare them.
 *
 * @param before a commit @param after a commit; null for the working tree as it is
 */
export async function diffRevisions(repository: Repository, before: string, after: string | null): Promise<Difference> {
  const { top } = repository;
  const diff = await git(top, [...DIFF, before, ...(after === null ? [] : [after])]);
  const show = (hash: string) => async (file: string) => {
    const { code, stdout } = await runGit(top, ['show', '--no-textconv', `${hash}:${file}`]);
    return code === 0 ? stdout : null;
  };
  return { diff, before: show(before), after: after === null ? readBelow(top) : show(after) };
}

/** ms. Folders may hold anything; without a diff no function is marked. */
const MAX_TIME = 20_000;

/** Null if git does not compare them in time. */
async function diffFolders(before: string, after: string): Promise<Difference | null> {
  const { code, stdout } = await runGit('.', [...DIFF, '--no-index', '--', before, after], MAX_TIME);
  if (code > 1) return null;
  const from = (folder: string) => `${folder.replace(/^\//, '')}/`;
  const diff = stdout.replace(/^(--- a\/|\+\+\+ b\/)(.*)$/gm, (line, sign: string, file: string) => {
    const folder = [before, after].map(from).find((prefix) => file.startsWith(prefix));
    return folder === undefined ? line : sign + file.slice(folder.length);
  });
  return { diff, before: readBelow(before), after: readBelow(after) };
}

/** Null for two commands, whose files are not known to differ. */
export async function differenceOf({ before, after }: Planned): Promise<Difference | null> {
  const [first, second] = [before.place, after.place];
  if ('revision' in first) return diffRevisions(first.repository, first.revision.hash, hashOf(after));
  if ('revision' in second || first.root === second.root) return null;
  return diffFolders(first.root, second.root);
}

function hashOf({ place }: PlannedVersion): string | null {
  return 'revision' in place ? place.revision.hash : null;
}

const MAX_BYTES = 1 << 24;

function readBelow(folder: string): Difference['before'] {
  return async (file) => {
    try {
      const found = path.join(folder, file);
      const { size } = await stat(found);
      return size > MAX_BYTES ? null : await readFile(found, 'utf8');
    } catch {
      return null;
    }
  };
}
