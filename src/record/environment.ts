/** The options of the preload, from the environment. */

import { unknownVariable } from '../errors.ts';
import { parsePattern } from '../query/pattern.ts';
import { type ProfilerOptions, variableOf } from './options.ts';

type OptionOfVariable = Exclude<keyof ProfilerOptions, 'dir'>;

/** Null where no folder is named: nothing is to be profiled. Throws PstatError (`query`) for a variable of no meaning. */
export function optionsFrom(environment: NodeJS.ProcessEnv): ProfilerOptions | null {
  const dir = environment[variableOf('dir')];
  if (dir === undefined || dir === '') return null;
  const given = Object.entries(READERS).flatMap(([option, read]) => {
    const value = environment[variableOf(option)];
    return value === undefined || value === '' ? [] : [[option, read(value)]];
  });
  const known = ['dir', ...Object.keys(READERS)].map(variableOf);
  const unknown = Object.keys(environment).find((name) => name.startsWith(variableOf('')) && !known.includes(name));
  if (unknown !== undefined) throw unknownVariable(unknown, known);
  return { dir, ...Object.fromEntries(given) };
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
