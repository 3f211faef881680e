/** What the tab key offers. */

import { readdirSync } from 'node:fs';
import { compareCodePoints } from '../../base/text.ts';
import { GROUPINGS } from '../../query/grouping.ts';
import { PSTATS_KEYS, SORT_KEYS } from '../../query/sort-keys.ts';
import { FORMATS } from '../../render/render.ts';
import { SHELL_COMMANDS, TAKING_NAMES } from './commands.ts';
import { SHELL_TOPICS } from './help.ts';
import type { Session } from './session.ts';

/** What the end of the line may become, and that end. */
export type Completion = [candidates: string[], end: string];

/** For a line up to the cursor. */
export function completion(line: string, session: Session): Completion {
  const [, word = '', rest] = /^\s*(\w*)(?:\s(.*))?$/s.exec(line.replace(/^\s*\?/, 'help ')) ?? [];
  if (rest === undefined)
    return starting(
      [...SHELL_COMMANDS.keys()].map((name) => `${name} `),
      word,
    );
  // A name may hold blanks, and is all of the rest; other words end at them.
  if (TAKING_NAMES.has(word)) return files(rest.trimStart());
  if (word === 'compare') return files(rest.replace(/^\s*(?:\d+%?\s+)?/, ''));
  const [, file] = /(?:^|\s)>>?\s*(\S*)$/.exec(rest) ?? [];
  return file === undefined ? starting(wordsFor(word, session), /\S*$/.exec(rest)?.[0] ?? '') : files(file);
}

function wordsFor(command: string, session: Session): readonly string[] {
  switch (command) {
    case 'sort':
      return session.format === 'pstats' ? PSTATS_KEYS : [...new Set([...SORT_KEYS, ...PSTATS_KEYS])];
    case 'help':
      return SHELL_TOPICS;
    case 'by':
      return GROUPINGS;
    case 'format':
      return FORMATS;
    case 'stats':
    case 'callers':
    case 'callees':
      // These take regular expressions; of the characters below only the dollar means something in one.
      return functionWords(session).map((name) => name.replaceAll('$', '\\$'));
    case 'filter':
    case 'exclude':
    case 'focus':
    case 'ignore':
      return functionWords(session);
    default:
      return [];
  }
}

/** The words of functions' names that can stand in a line: `append` of `<method 'append' of 'list' objects>`. */
function functionWords(session: Session): string[] {
  const words = new Set<string>();
  for (const name of session.functionNames()) {
    const [, method] = /^<method '([^']+)' of '[^']+' objects>$/.exec(name) ?? [];
    const [, builtin] = /^<built-in method (\S+)>$/.exec(name) ?? [];
    const word = method ?? builtin ?? name;
    if (/^[\w$.<>#]+$/u.test(word)) words.add(word);
  }
  return [...words].sort(compareCodePoints);
}

/** Nobody reads hundreds of names: where there are so many, a letter is waited for. */
const TOO_MANY = 200;

function starting(candidates: readonly string[], end: string): Completion {
  if (end === '' && candidates.length > TOO_MANY) return [[], end];
  return [candidates.filter((candidate) => candidate.startsWith(end)), end];
}

/** The names in a folder that begin so; folders end in a slash. */
function files(end: string): Completion {
  const folder = end.slice(0, end.lastIndexOf('/') + 1);
  const start = end.slice(folder.length);
  try {
    const names = readdirSync(folder === '' ? '.' : folder, { withFileTypes: true })
      .filter(({ name }) => name.startsWith(start))
      .filter(({ name }) => !name.startsWith('.') || start !== '')
      .map((entry) => `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`);
    return [names.sort(compareCodePoints), end];
  } catch {
    return [[], end];
  }
}
