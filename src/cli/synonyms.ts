/** Words of other tools, and the commands of pstat that they stand for. */

/** The command that a word of another tool stands for, with its options; null for none. */
export function synonymOf(word: string): readonly string[] | null {
  return isSynonym(word) ? (SYNONYMS[word] ?? '').split(' ') : null;
}

/** Words of pstats, pprof, perf, benchstat and git -> commands, with options. */
export const SYNONYMS: Readonly<Record<string, string>> = {
  stats: 'top',
  text: 'top',
  hot: 'top',
  show: 'top',
  print: 'top',
  pstat: 'top',
  sort: 'top --sort',
  peek: 'callers',
  who: 'callers',
  parents: 'callers',
  children: 'callees',
  calls: 'callees',
  diff: 'compare',
  cmp: 'compare',
  benchstat: 'compare',
  bench: 'ab',
  hyperfine: 'ab',
  diff_base: 'compare',
  'diff-base': 'compare',
  base: 'compare',
  bisect: 'ab --bisect',
  run: 'record',
  profile: 'record',
  start: 'record',
  read: 'shell',
  repl: 'shell',
  interactive: 'explore',
  ui: 'explore',
  tui: 'explore',
  open: 'explore',
  view: 'explore',
  web: 'report',
  html: 'report',
  serve: 'report',
  http: 'report',
  flamegraph: 'flame',
  icicle: 'flame',
  source: 'list',
  lines: 'list',
  annotate: 'list',
  export: 'convert',
  collapse: 'convert',
  routes: 'requests',
  index: 'requests',
  man: 'help',
  usage: 'help',
};

export function isSynonym(word: string): boolean {
  return Object.hasOwn(SYNONYMS, word);
}
