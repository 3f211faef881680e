/** The answer of `explore`: it runs until the user quits. */

import { shellWord } from '../../base/shell-word.ts';
import { merge } from '../../model/merge.ts';
import { Stats } from '../../query/stats.ts';
import { loadTheme } from '../../render/theme.ts';
import {
  type Arguments,
  basisFrom,
  colorChoice,
  flag,
  list,
  sourceFoldersFrom,
  statsOptionsFrom,
  textOf,
} from '../arguments.ts';
import type { RecordResult } from '../command.ts';
import { oneSideBefore } from '../errors.ts';
import type { ComparedProfiles } from '../explore/comparisons.ts';
import type { Explored } from '../explore/explored-model.ts';
import { type ExploreOptions, type LiveSource, runExplore } from '../explore/run-explore.ts';
import { colorLevel, type Io, interactiveTerminal } from '../io.ts';
import { loadStats } from './queries-answer.ts';

/** Throws PstatError. */
export async function exploreAnswer(words: readonly string[], args: Arguments, io: Io): Promise<RecordResult> {
  interactiveTerminal(io); // its error comes before a file is read, which may take long
  const against = textOf(args, 'against');
  if (against === null) {
    const stats = await loadStats(words, args, io);
    await exploreStats(exploredOf(stats, args), { files: words, args }, io);
  } else await exploreComparison(words, against, { args, io });
  return { exit: { code: 0 }, lines: [], view: null };
}

function exploredOf(stats: Stats, args: Arguments): Explored {
  return { stats, options: statsOptionsFrom(args), estimates: flag(args, 'estimate') };
}

/** The picture is that of the side AFTER, all of its runs together. Throws PstatError. */
async function exploreComparison(
  words: readonly string[],
  after: string,
  { args, io }: { readonly args: Arguments; readonly io: Io },
): Promise<void> {
  const [before, ...others] = words;
  if (before === undefined || others.length > 0) throw oneSideBefore(words.length);
  const { loadCompared } = await import('./compare-answer.ts');
  const names = { before, after };
  const profiles = await loadCompared(names, args, io);
  const stats = new Stats(merge(profiles.after), statsOptionsFrom(args));
  const compared: ComparedProfiles = { ...profiles, names, time: basisFrom(args) };
  const common = { ...args, estimate: undefined, idle: undefined, from: undefined, to: undefined };
  const time = stats.summary.isUndisturbed ? 'undisturbed' : undefined;
  await exploreStats(
    { ...exploredOf(stats, args), compared },
    {
      files: [after],
      comparedWords: [shellWord(before), shellWord(after), ...optionWords(common)],
      args: { ...args, time },
    },
    io,
  );
}

/** What the command line says. */
interface Asked {
  /** None for a program that runs and is not saved. */
  readonly files: readonly string[];
  /** Those of `pstat compare`. @default none, for a profile alone */
  readonly comparedWords?: readonly string[];
  readonly args: Arguments;
  /** A program that runs, in place of files. */
  readonly live?: LiveSource & Pick<ExploreOptions, 'write'>;
}

/** Ends when the user quits. Throws PstatError. */
export async function exploreStats(
  explored: Explored,
  { files, comparedWords, args, live }: Asked,
  io: Io,
): Promise<void> {
  const terminal = interactiveTerminal(io);
  const color = colorLevel(colorChoice(args), io.stdout, io.env);
  await runExplore(explored, terminal, io, {
    words:
      files.length === 0
        ? null
        : [...files.map(shellWord), ...optionWords({ ...args, from: undefined, to: undefined })].join(' '),
    windowWords: optionWords({ from: args['from'], to: args['to'] }),
    comparedWords: comparedWords?.join(' ') ?? null,
    sourceWords: list(args['source-path']).map((folder) => `--source-path ${shellWord(String(folder))}`),
    folders: sourceFoldersFrom(args),
    theme: await loadTheme(color),
    links: color > 0 && (await io.stdout.opensLinks()),
    mouse: !flag(args, 'no-mouse'),
    live: live ?? null,
    write: async (file, state) => {
      if (live !== undefined) return live.write(file, state);
      const { writeState } = await import('../explore/write-state.ts');
      return writeState(file, state, { files, args, io });
    },
  });
}

/** The options that the printing commands have too. */
const FLAGS = ['estimate', 'idle', 'merge-lines', 'skip-broken'] as const;
const VALUES = ['source-map', 'time', 'from', 'to', 'thread', 'value', 'route', 'paths'] as const;
const LISTS = ['route-pattern', 'focus', 'ignore'] as const;

function optionWords(args: Arguments): string[] {
  return [
    ...FLAGS.filter((name) => flag(args, name)).map((name) => `--${name}`),
    ...VALUES.filter((name) => args[name] !== undefined).map(
      (name) => `--${name} ${shellWord(textOf(args, name) ?? '')}`,
    ),
    ...LISTS.flatMap((name) => list(args[name]).map((value) => `--${name} ${shellWord(value)}`)),
  ];
}
