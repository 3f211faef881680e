/** Reads the options of the preload from the environment. */

import { parsePattern } from '../../query/pattern.ts';
import { missingFolder, unknownVariable } from './errors.ts';
import { type ProfilerOptions, variableOf } from './options.ts';

type ParsedOption = Exclude<keyof ProfilerOptions, 'dir'>;

/** Returns null if no variable is set: nothing is profiled then. Throws PstatError (`query`) for unknown variables. */
export function readOptions(environment: NodeJS.ProcessEnv): ProfilerOptions | null {
  const given = Object.keys(environment).filter((name) => name.startsWith(variableOf('')));
  const dir = environment[variableOf('dir')];
  if (dir === undefined || dir === '') {
    const other = given.find((name) => name !== variableOf('dir'));
    if (other !== undefined) throw missingFolder(variableOf('dir'), other); // it has no effect without a folder
    return null;
  }
  const options = Object.entries(PARSERS).flatMap(([option, parse]) => {
    const value = environment[variableOf(option)];
    return value === undefined || value === '' ? [] : [[option, parse(value)]];
  });
  const known = ['dir', ...Object.keys(PARSERS)].map(variableOf);
  const unknown = given.find((name) => !known.includes(name));
  if (unknown !== undefined) throw unknownVariable(unknown, known);
  return { dir, ...Object.fromEntries(options) };
}

/** resolveOptions() rejects invalid values; what is not a number becomes NaN. */
const PARSERS: { [Option in ParsedOption]: (value: string) => ProfilerOptions[Option] } = {
  name: (value) => value,
  filter: parseFilter,
  sampleEvery: Number,
  minDuration: Number,
  maxDuration: Number,
  concurrency: (value) => value as 'single' | 'all',
  interval: Number,
  sources: (value) => ({ true: true, 1: true, false: false, 0: false })[value] ?? (value as unknown as boolean),
  maxFiles: Number,
  maxBytes: Number,
};

/** Parses a pattern of `GET /path?query`: text, or `/regexp/flags`. */
function parseFilter(value: string): NonNullable<ProfilerOptions['filter']> {
  const matches = parsePattern(value);
  return ({ method, url }) => matches(`${method} ${url}`);
}
