/**
 * Warnings of the profiler, for problems that stop it. Each is printed once, and never reaches a client of the server.
 */

import { escapeControls, groupDigits, pluralize } from '../base/text.ts';
import { reasonOf } from './reason.ts';

export type Warn = (warning: string) => void;

/** Returns a function that emits each warning once, as a warning of Node. */
export function createWarn(): Warn {
  const emitted = new Set<string>();
  return (warning) => {
    if (emitted.has(warning)) return;
    emitted.add(warning);
    // emitWarning() prints in the next tick, which an exiting process does not reach.
    if (isExiting()) process.stderr.write(`(node:${process.pid}) PstatWarning: ${warning}\n`);
    else process.emitWarning(warning, 'PstatWarning');
  };
}

/** Runs the work. An error becomes a warning: it must not reach the program. */
export function warnOnError<Result>(warn: Warn, work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    warn(`a profile may be incomplete: ${describeReason(error)}`);
    return undefined;
  }
}

function isExiting(): boolean {
  return (process as { _exiting?: boolean })._exiting === true;
}

export function cannotProfile(error: unknown): string {
  return `requests are not profiled: ${describeReason(error)}`;
}

export function cannotWrite(dir: string, reason: string): string {
  return `cannot write profiles to ${escapeControls(dir)}: ${escapeControls(reason)}; requests are still served`;
}

/** A process that exits waits for its files only for a while. */
export function notWrittenInTime(dir: string, files: number): string {
  return `the process exits; ${pluralize(files, 'profile')} could not be written to ${escapeControls(dir)} in time`;
}

/** @param variable the variable of the environment that sets the limit for the preload */
export function folderIsFull(
  dir: string,
  { limit, unit, variable }: { limit: number; unit: string; variable: string },
): string {
  const reached = `${escapeControls(dir)} has reached its limit of ${groupDigits(String(limit))} ${unit} (${variable})`;
  return `${reached}; requests are not profiled until files are removed`;
}

/** @param option `filter` or `name` */
export function optionThrew(option: string, error: unknown): string {
  return `profiler option ${option} threw: ${describeReason(error)}`;
}

/** Escaped. */
export function describeReason(error: unknown): string {
  return escapeControls(reasonOf(error));
}
