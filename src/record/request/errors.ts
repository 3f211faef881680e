/** Errors in the options of the request profiler. */

import { type PstatError, queryError } from '../../base/errors.ts';
import { escapeControls, quote } from '../../base/text.ts';

/** @param variable the variable of the environment that sets the option for the preload */
export function invalidProfilerOption(option: string, variable: string, demand: string): PstatError {
  return queryError(`profiler option ${option} (${variable}) ${demand}`);
}

export function unknownProfilerOption(option: string, known: readonly string[]): PstatError {
  return queryError(`unknown profiler option ${quote(option)}; the options are ${known.join(', ')}`);
}

export function unknownVariable(variable: string, known: readonly string[]): PstatError {
  return queryError(`unknown variable ${escapeControls(variable)}; the variables are ${known.join(', ')}`);
}

export function missingFolder(variable: string, given: string): PstatError {
  return queryError(`${escapeControls(given)} is set but ${variable} is not; set it to the folder for the profiles`);
}

export function unknownNameField(field: string, known: readonly string[]): PstatError {
  return queryError(
    `profiler option name has an unknown field {${escapeControls(field)}}; the fields are ${known.join(', ')}`,
  );
}
