/** The arguments as yargs returns them, and the values in them. */

import { badChoice } from './errors.ts';
import type { OptionName } from './options.ts';

/** What yargs returns: positional words under `_`, those after `--` under `--`, options by name. */
export type Arguments = Readonly<Record<string, unknown>>;

export function flag(args: Arguments, name: OptionName): boolean {
  return last(args[name]) === true;
}

/** The positional words in order. Everything after `--` is a word. */
export function positionalWords(args: Arguments): {
  readonly before: readonly string[];
  readonly after: readonly string[];
} {
  return { before: list(args['_']), after: list(args['--']) };
}

interface Choice<T extends string> {
  readonly option: OptionName;
  readonly choices: readonly T[];
  readonly otherwise: T;
}

export function choice<T extends string>(args: Arguments, { option, choices, otherwise }: Choice<T>): T {
  const value = last(args[option]);
  if (value === undefined) return otherwise;
  const known = choices.find((candidate) => candidate === value);
  if (known === undefined) throw badChoice(option, String(value), choices);
  return known;
}

/** The last value of an option that is given several times but takes one value. */
export function last(value: unknown): unknown {
  return Array.isArray(value) ? value.at(-1) : value;
}

export function list(value: unknown): string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}
