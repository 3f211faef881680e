/** What is wrong with how profiles of requests were asked for, in errors.ts' manner. */

import { PstatError } from '../../base/errors.ts';
import { quoted, visible } from '../../base/text.ts';

/** @param variable by which the preload is told the option */
export function badProfilerOption(option: string, variable: string, demand: string): PstatError {
  return new PstatError('query', `the profiler's option ${option} (${variable}) ${demand}`);
}

export function unknownProfilerOption(option: string, known: readonly string[]): PstatError {
  return new PstatError('query', `the profiler has no option ${quoted(option)}; it has ${known.join(', ')}`);
}

export function unknownVariable(variable: string, known: readonly string[]): PstatError {
  return new PstatError('query', `${visible(variable)} means nothing; there is ${known.join(', ')}`);
}

export function folderMissing(variable: string, given: string): PstatError {
  return new PstatError('query', `${visible(given)} is set and ${variable} is not: name the folder of the profiles`);
}

export function unknownNameField(field: string, known: readonly string[]): PstatError {
  return new PstatError('query', `a profile's name has no field {${visible(field)}}; it has ${known.join(', ')}`);
}
