/** Completion by the tab key. */

import { readdirSync } from 'node:fs';
import { compareCodePoints, escapeControls } from '../../base/text.ts';
import { PSTATS_KEYS, SORT_KEYS } from '../../query/sort-keys.ts';
import { OUTPUT_FORMATS } from '../../render/render.ts';
import { ROW_KINDS } from '../../view/views.ts';
import { FILE_COMMANDS, SHELL_COMMANDS } from './commands.ts';
import { SHELL_TOPICS } from './help.ts';
import type { Session } from './session.ts';

/** What may replace the end of the line, and that end. */
export type Completion = [candidates: string[], end: string];

/** Completes a line up to the cursor. */
export function completeLine(line: string, session: Session): Completion {
  const [, word = '', rest] = /^\s*(\w*)(?:\s(.*))?$/s.exec(line.replace(/^\s*\?/, 'help ')) ?? [];
  if (rest === undefined)
    return matchPrefix(
      [...SHELL_COMMANDS.keys()].map((name) => `${name} `),
      word,
    );
  // A file name is the whole rest and may hold blanks; other words end at a blank.
  if (FILE_COMMANDS.has(word)) return completeFile(rest.trimStart());
  if (word === 'compare') return completeFile(rest.replace(/^\s*(?:\d+%?\s+)?/, ''));
  const [, file] = /(?:^|\s)>>?\s*(\S*)$/.exec(rest) ?? [];
  return file === undefined ? matchPrefix(listCandidates(word, session), lastWord(rest)) : completeFile(file);
}

/** The end of the line after its last blank. */
function lastWord(text: string): string {
  return text.split(/\s/).at(-1) ?? '';
}

function listCandidates(command: string, session: Session): readonly string[] {
  switch (command) {
    case 'sort':
      return session.format === 'pstats' ? PSTATS_KEYS : [...new Set([...SORT_KEYS, ...PSTATS_KEYS])];
    case 'help':
      return SHELL_TOPICS;
    case 'by':
      return ROW_KINDS;
    case 'format':
      return OUTPUT_FORMATS;
    case 'stats':
    case 'callers':
    case 'callees':
      // These take regular expressions. Of the characters that a name may hold here, only $ is special in one.
      return listFunctionWords(session).map((name) => name.replaceAll('$', '\\$'));
    case 'filter':
    case 'exclude':
    case 'focus':
    case 'ignore':
      return listFunctionWords(session);
    default:
      return [];
  }
}

/** Function names without blanks; of `<method 'append' of 'list' objects>` that is `append`. */
function listFunctionWords(session: Session): string[] {
  const words = new Set<string>();
  for (const name of session.functionNames()) {
    const [, method] = /^<method '([^']+)' of '[^']+' objects>$/.exec(name) ?? [];
    const [, builtin] = /^<built-in method (\S+)>$/.exec(name) ?? [];
    const word = method ?? builtin ?? name;
    if (/^[\w$.<>#]+$/u.test(word)) words.add(word);
  }
  return [...words].sort(compareCodePoints);
}

/** With more candidates than this, completion waits for a first letter. */
const MAX_CANDIDATES = 200;

function matchPrefix(candidates: readonly string[], end: string): Completion {
  if (end === '' && candidates.length > MAX_CANDIDATES) return [[], end];
  return [candidates.filter((candidate) => candidate.startsWith(end)), end];
}

/** Entries of a folder that start with the end of the line; folders end in a slash. Names that need escapes are left out. */
function completeFile(end: string): Completion {
  const folder = end.slice(0, end.lastIndexOf('/') + 1);
  const start = end.slice(folder.length);
  try {
    const names = readdirSync(folder === '' ? '.' : folder, { withFileTypes: true })
      .filter(({ name }) => name.startsWith(start))
      .filter(({ name }) => !name.startsWith('.') || start !== '')
      .filter(({ name }) => escapeControls(name) === name)
      .map((entry) => `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`);
    return [names.sort(compareCodePoints), end];
  } catch {
    return [[], end];
  }
}
