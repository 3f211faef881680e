/** --format prof: the profile itself as a file for Python's tools. What it cannot hold goes to stderr. */

import { profOfEveryRow, profOfTopAlone, profToTerminal } from '../../base/errors.ts';
import { writerOf } from '../../formats/registry.ts';
import { noteLines } from '../../render/render.ts';
import type { Command } from '../command.ts';
import type { Io } from '../io.ts';
import { type Arguments, flag, type OptionName, rowKind } from '../options.ts';
import { statsOf } from './queries-answer.ts';

/** They choose and order rows; a file holds all of them, in an order that pstats changes as it likes. */
const OF_ROWS = ['sort', 'reverse', 'limit', 'filter', 'exclude', 'restrict'] as const satisfies OptionName[];

interface Asked {
  readonly words: readonly string[];
  readonly args: Arguments;
}

/**
 * Writes the bytes to stdout and notes to stderr. 1 if the question left nothing of the profile, which is written
 * nevertheless. Throws PstatError before anything is written.
 */
export async function dump(command: Command, { words, args }: Asked, io: Io): Promise<0 | 1> {
  if (command.name !== 'top') throw profOfTopAlone(command.name);
  const given = OF_ROWS.find((name) => args[name] !== undefined);
  if (given !== undefined) throw profOfEveryRow(`--${given}`);
  const by = rowKind(args);
  if (by !== 'function') throw profOfEveryRow(`--by ${by}`);
  if (io.stdout.isTTY) throw profToTerminal();
  const { profile, graph, summary } = await statsOf(words, args, io);
  const { bytes, rows, notes } = writerOf('prof')(profile, graph, { idle: flag(args, 'idle') });
  io.stdout.write(bytes);
  io.stderr.write(noteLines([...summary.notes, ...notes]));
  return rows === 0 && (summary.excluded ?? 0) > 0 ? 1 : 0;
}
