/** Random arguments, and random lines for the shell. */

import { pstat } from '../support/cli.ts';
import { pick, type Random } from '../support/seeded.ts';
import { problemOfMessage, UNSHOWN } from './check.ts';

const PROFILES = [
  'samples/odd/plain.cpuprofile',
  'samples/GET.resource_providers.prof',
  'samples/broken/empty.prof',
  'samples/other-tools/go-pprof.pb.gz',
  'samples/other-tools/speedscope.json',
  'test/sources/builds/esbuild/recording.cpuprofile',
];
const WORDS = [
  'top',
  'callers',
  'callees',
  'tree',
  'list',
  'flame',
  'convert',
  'compare',
  'requests',
  'help',
  'completion',
  'shell',
  '-',
  '--',
  '',
  ...PROFILES,
];
const OPTIONS = [
  'sort',
  'limit',
  'filter',
  'exclude',
  'focus',
  'ignore',
  'from',
  'to',
  'format',
  'by',
  'paths',
  'thread',
  'route',
  'time',
  'restrict',
  'fail-above',
  'fail-on',
  'color',
  'json',
  'idle',
  'strict',
  'value',
  'estimate',
  'inverted',
  'fold',
  'depth',
  'min',
  'width',
  'split',
  'source-map',
  'skip-broken',
  'help',
  'reverse',
];
const TEXTS = [
  'tottime',
  '20',
  '0',
  '-1',
  '5%',
  '1e999',
  'table',
  'csv',
  'json',
  'pstats',
  'prof',
  'pprof',
  'speedscope',
  'folded',
  'firefox',
  'callgrind',
  'samples',
  'us',
  '/(/',
  '/a/',
  '1ms',
  'file',
  '\u001b[2J',
  '\u202e',
  'x'.repeat(3000),
  '__proto__',
  'constructor',
  '[',
  '',
];

export function randomArguments(random: Random): string[] {
  const one = (words: readonly string[]) => pick(words, random);
  const kinds = [
    () => one(WORDS),
    () => one(PROFILES),
    () => `--${one(OPTIONS)}`,
    () => `--${one(OPTIONS)}=${one(TEXTS)}`,
    () => one(TEXTS),
    () => `-${one(['s', 'n', 'l', 'f', 'h', 'V', 'zz'])}`,
  ];
  return Array.from({ length: 1 + random(6) }, () => kinds[random(kinds.length)]?.() ?? '').filter(
    (word) => word !== 'record',
  );
}

/** @param lines what the shell reads */
export async function problemOfArguments(args: readonly string[], lines = ['stats 3']): Promise<string | null> {
  try {
    const { code, stdout, stderr } = await pstat(args, {
      columns: 80,
      stdin: Buffer.from(`${lines.join('\n')}\n`),
      env: { NO_COLOR: '1' },
    });
    const unshown = UNSHOWN.exec(stdout);
    if (unshown !== null) return `unescaped: ${JSON.stringify(stdout.slice(0, unshown.index + 9).slice(-200))}`;
    if (![0, 1, 2, 3, 4].includes(Number(code))) return `exit code ${code}`;
    return (
      stderr
        .split('\n')
        .map(problemOfMessage)
        .find((problem) => problem !== null) ?? null
    );
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

const SHELL_WORDS = [
  ...[
    'read',
    'add',
    'stats',
    'callers',
    'callees',
    'sort',
    'reverse',
    'strip',
    'help',
    'by',
    'list',
    'compare',
    'tree',
  ],
  ...['filter', 'exclude', 'focus', 'ignore', 'explore', 'format', '?', 'EOF', '!', 'st', 'nothing'],
];
const SHELL_ARGUMENTS = [
  ...[...PROFILES, ...TEXTS, 'off', 'inverted', 'estimate', 'line', 'owner', 'package', 'cumtime', 'calls', 'nfl'],
  ...[
    '.3',
    '1.5',
    '[(]',
    '(?i)A',
    '(?P<a>.)(?P=a)',
    "'",
    '"a b',
    '\\',
    '\\d+',
    '(a',
    '*',
    'x{2,1}',
    '\u00e9',
    '\u0000',
    '\t',
  ],
];

/** Lines for the shell, which neither write files nor run commands. */
export function randomLines(random: Random): string[] {
  const word = () => pick(SHELL_ARGUMENTS, random);
  return Array.from({ length: 1 + random(12) }, () =>
    [pick(SHELL_WORDS, random), ...Array.from({ length: random(4) }, word)].join(' '),
  );
}
