/** `--format prof`: writes the profile as a .prof for Python's tools. Notes go to stderr. */

import { writerOf } from '../../formats/registry.ts';
import { noteLines } from '../../render/render.ts';
import type { Command } from '../command.ts';
import { profOfEveryRow, profOfTopAlone, profToTerminal } from '../errors.ts';
import type { Io } from '../io.ts';
import { type Arguments, flag, type OptionName, rowKind } from '../options.ts';
import { loadStats } from './queries-answer.ts';

/** Options that select or order rows. A .prof holds every function, and pstats sorts them itself. */
const ROW_ONLY_OPTIONS = ['sort', 'reverse', 'limit', 'filter', 'exclude', 'restrict'] as const satisfies OptionName[];

interface ParsedWords {
  readonly words: readonly string[];
  readonly args: Arguments;
}

/**
 * Writes the bytes to stdout and notes to stderr. Returns 1 if the filters left nothing of the profile; an empty .prof is
 * written all the same. Throws PstatError before anything is written.
 */
export async function answerProf(command: Command, { words, args }: ParsedWords, io: Io): Promise<0 | 1> {
  if (command.name !== 'top') throw profOfTopAlone(command.name);
  const given = ROW_ONLY_OPTIONS.find((name) => args[name] !== undefined);
  if (given !== undefined) throw profOfEveryRow(`--${given}`);
  const by = rowKind(args);
  if (by !== 'function') throw profOfEveryRow(`--by ${by}`);
  if (io.stdout.isTTY) throw profToTerminal();
  const { profile, graph, summary } = await loadStats(words, args, io);
  const { bytes, rows, notes } = writerOf('prof')(profile, graph, { idle: flag(args, 'idle') });
  io.stdout.write(bytes);
  io.stderr.write(noteLines([...summary.notes, ...notes]));
  return rows === 0 && (summary.excluded ?? 0) > 0 ? 1 : 0;
}
