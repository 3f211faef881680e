/** Writes what a state shows as a report or an export, by the code of `pstat report` and `pstat convert`. */

import { timeWord } from '../../base/units.ts';
import { exists } from '../../input/nearby.ts';
import { type Arguments, list } from '../arguments.ts';
import { fileExists } from '../errors.ts';
import type { Io } from '../io.ts';
import type { State } from './state.ts';

/** Reads the files again, as those commands do. Throws PstatError; a file that exists is left as it is. */
export async function writeState(
  file: string,
  state: State,
  { files, args, io }: { readonly files: readonly string[]; readonly args: Arguments; readonly io: Io },
): Promise<string> {
  if (exists(file)) throw fileExists(file);
  const said: string[] = [];
  const write = (text: string | Uint8Array) => {
    said.push(String(text));
  };
  const quiet = { ...io.stderr, isTTY: false, write };
  const chosen = { ...args, ...filtersOf(state, args), output: file };
  if (/\.html?$/.test(file)) {
    const { reportAnswer } = await import('../commands/report-answer.ts');
    await reportAnswer(files, chosen, { ...io, stderr: quiet });
  } else {
    const { convertAnswer } = await import('../commands/convert-answer.ts');
    const by = state.by === 'function' ? {} : { by: state.by };
    await convertAnswer(files, { ...chosen, ...by }, { ...io, stderr: quiet });
  }
  return said.join('').trimEnd().split('\n')[0] ?? '';
}

/** The options that leave of the files what a state shows. */
function filtersOf({ filters, window }: State, args: Arguments): Arguments {
  const patterns = (kind: 'focus' | 'ignore') => [
    ...list(args[kind]),
    ...filters.filter((each) => each.kind === kind).map(({ pattern }) => pattern),
  ];
  return {
    focus: patterns('focus'),
    ignore: patterns('ignore'),
    ...(window === null ? {} : { from: timeWord(window.from), to: timeWord(window.to) }),
  };
}
