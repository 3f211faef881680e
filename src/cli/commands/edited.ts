/** Which functions a difference between two versions touches, for the rows of a comparison. */

import { type Difference, diffRevisions } from '../../record/ab/difference.ts';
import { findRevision, openRepository } from '../../record/ab/git.ts';
import { type ChangedLines, parseDiff } from '../../sources/changed-lines.ts';
import { EditedFunctions } from '../../sources/edited-functions.ts';
import { languageOf } from '../../sources/tokens.ts';
import { badOption } from '../errors.ts';

/** More changed files are a new project. */
const MAX_FILES = 2000;

export async function findEdited({ diff, before, after }: Difference): Promise<EditedFunctions> {
  const changed = parseDiff(diff);
  return new EditedFunctions(changed, {
    before: await readTexts(changed.before, before),
    after: await readTexts(changed.after, after),
  });
}

async function readTexts(changed: ChangedLines['before'], read: Difference['before']): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  const files = [...changed.keys()].filter((file) => languageOf(file) !== null);
  for (const file of files.slice(0, MAX_FILES)) {
    const text = await read(file);
    if (text !== null) texts.set(file, text);
  }
  return texts;
}

/** @param range `REV..REV`, or `REV` for the working tree against it. Throws PstatError. */
export async function editedInRange(range: string): Promise<EditedFunctions> {
  const [, before = '', after] = /^(.+?)(?:\.\.([^.].*))?$/.exec(range) ?? [];
  if (before.includes('..')) throw badOption('diff', range, 'a range such as v1.2..v1.3, or one revision');
  const repository = await openRepository();
  const { hash } = await findRevision(repository, before);
  const second = after === undefined ? null : (await findRevision(repository, after)).hash;
  return findEdited(await diffRevisions(repository, hash, second));
}
