/** Words of other tools, and the commands of pstat that they stand for. */

import type { Command } from './command.ts';

/** The command that a word of another tool stands for, with its options; null for none. */
export function synonymOf(word: string, commands: readonly string[]): readonly string[] | null {
  const meanings = Object.hasOwn(SYNONYMS, word) ? (SYNONYMS[word] ?? []) : [];
  return meanings.find(([command = '']) => commands.includes(command)) ?? null;
}

export function namesOf(commands: readonly Command[]): string[] {
  return commands.map(({ name }) => name);
}

/** Words of pstats, pprof, perf, benchstat and git -> commands, the best first. */
const SYNONYMS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  stats: [['top']],
  text: [['top']],
  hot: [['top']],
  show: [['top']],
  print: [['top']],
  pstat: [['top']],
  sort: [['top', '--sort']],
  peek: [['callers']],
  who: [['callers']],
  parents: [['callers']],
  children: [['callees']],
  calls: [['callees']],
  diff: [['compare']],
  cmp: [['compare']],
  benchstat: [['compare']],
  bench: [['ab']],
  hyperfine: [['ab']],
  diff_base: [['compare']],
  'diff-base': [['compare']],
  base: [['compare']],
  bisect: [['ab', '--bisect']],
  run: [['record']],
  profile: [['record']],
  start: [['record']],
  read: [['shell']],
  repl: [['shell']],
  interactive: [['explore'], ['shell']],
  ui: [['explore'], ['shell']],
  tui: [['explore'], ['shell']],
  open: [['explore'], ['top']],
  view: [['explore'], ['top']],
  web: [['report'], ['top']],
  html: [['report'], ['top']],
  serve: [['report'], ['top']],
  http: [['report'], ['top']],
  flamegraph: [['flame'], ['top']],
  icicle: [['flame'], ['top']],
  source: [['list']],
  lines: [['list']],
  annotate: [['list']],
  export: [['convert']],
  collapse: [['convert']],
  routes: [['requests']],
  index: [['requests']],
  man: [['help']],
  usage: [['help']],
};

export function isSynonym(word: string): boolean {
  return Object.hasOwn(SYNONYMS, word);
}
