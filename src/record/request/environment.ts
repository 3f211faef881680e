/** The options of the preload, from the environment. */

import { parsePattern } from '../../query/pattern.ts';
import { folderMissing, unknownVariable } from './errors.ts';
import { type ProfilerOptions, variableOf } from './options.ts';

type OptionOfVariable = Exclude<keyof ProfilerOptions, 'dir'>;

/** Null where no folder is named: nothing is to be profiled. Throws PstatError (`query`) for a variable of no meaning. */
export function optionsFrom(environment: NodeJS.ProcessEnv): ProfilerOptions | null {
  const dir = environment[variableOf('dir')];
  if (dir === undefined || dir === '') return withoutFolder(environment);
  const given = Object.entries(READERS).flatMap(([option, read]) => {
    const value = environment[variableOf(option)];
    return value === undefined || value === '' ? [] : [[option, read(value)]];
  });
  const known = ['dir', ...Object.keys(READERS)].map(variableOf);
  const unknown = Object.keys(environment).find((name) => name.startsWith(variableOf('')) && !known.includes(name));
  if (unknown !== undefined) throw unknownVariable(unknown, known);
  return { dir, ...Object.fromEntries(given) };
}

/** Whoever sets another variable wants profiles. Throws PstatError (`query`). */
function withoutFolder(environment: NodeJS.ProcessEnv): null {
  const lost = Object.keys(environment).find((name) => name.startsWith(variableOf('')) && name !== variableOf('dir'));
  if (lost !== undefined) throw folderMissing(variableOf('dir'), lost);
  return null;
}

/** What is no number becomes NaN, which no option takes. */
const READERS: { [Option in OptionOfVariable]: (value: string) => ProfilerOptions[Option] } = {
  name: (value) => value,
  when: whenMatching,
  oneIn: Number,
  slowerThan: Number,
  concurrency: (value) => value as 'one' | 'split', // settingsOf() takes no other
  interval: Number,
  longest: Number,
};

/** A pattern of `GET /path?query`: text, or `/regexp/flags`. */
function whenMatching(value: string): NonNullable<ProfilerOptions['when']> {
  const matches = parsePattern(value);
  return ({ method, url }) => matches(`${method} ${url}`);
}
