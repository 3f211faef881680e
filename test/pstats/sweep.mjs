/**
 * Compares --format pstats with the python3 of this machine, byte by byte, over many questions of many files; no test.
 *
 *   node test/pstats/sweep.mjs FILES.prof…
 *
 * Each file is asked by itself, and with one or two others. Prints the first differences, and how many there are.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const KEYS = ['calls', 'ncalls', 'cumtime', 'cumulative', 'filename', 'line', 'module', 'name', 'nfl', 'pcalls'];
const SORTS = [
  ...[...KEYS, 'stdname', 'time', 'tottime', 'cu', 's', 'ca', 'f', 'ti', '-1', '0', '1', '2'].map((key) => [key]),
  ...['time,calls', 'module,line', 'name,cumulative', 'pcalls,nfl', 'filename,calls,line'].map((keys) => [keys]),
  ['line', 'name'],
];
const RESTRICTIONS = [
  [], ['20'], ['0.1'], ['0.5'], ['.999'], ['1.0'], ['-1'], ['0'], ['1_0'], ['serialize'], [String.raw`\(_`],
  [String.raw`^\{`], ['built-in|method'], ['(?i)SQL'], [String.raw`:\d{3}\(`], ['^~'], ['['], ['(?x) s q l # x'],
  ["it's|_"], ['é|ü|ñ|日'], [''], [String.raw`\.py:1\(`], ['placement', '10'], ['0.5', 'sql'], ['20', 'method', '3'],
  ['_', '__', '0.3'], ['30', 'nothing-like-it', '5'], [String.raw`(?P<c>\w)(?P=c)`], [String.raw`\A/`],
  [String.raw`\)\Z`], [String.raw`\w+\b.*$`], ['(?s).py(?-s:.)'], ['a{,2}b{'], ['(?<=json)/'], ['(?<=jso+n)/'],
  ['(?>a+)b'], ['a++n'], [String.raw`[^\W\d_]{12,}`], [String.raw`[\]/]\d`], ['(?<n>x)'], ['a**'], [String.raw`\y`],
]; // biome-ignore format: one list

/** A random one each time, the same in every run. */
function randomChoice(seed) {
  let state = seed;
  return (list) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return list[Math.floor((state / 2 ** 32) * list.length)];
  };
}

function questionsOf(files) {
  const pick = randomChoice(2024);
  const questions = [];
  const ask = (names, sort, restriction) => {
    const paths = pick([[], ['--paths', 'base']]);
    const reverse = pick([[], [], ['--reverse']]);
    const limit = pick([[], [], ['--limit', '7'], ['--limit', '3%']]);
    const words = pick([[], [], ['callers', pick(['', 'e', '/LOAD/i', '/^/'])], ['callees', pick(['', 'e', '_'])]]);
    const sorts = sort.map((key) => `--sort=${key}`);
    const cuts = restriction.map((each) => `--restrict=${each}`);
    questions.push([...words, ...names, ...paths, ...sorts, ...reverse, ...cuts, ...limit]);
  };
  for (const file of files) {
    for (const sort of [[], ...SORTS]) ask([file], sort, pick(RESTRICTIONS));
    for (const restriction of RESTRICTIONS) ask([file], pick([[], ...SORTS]), restriction);
    for (let i = 0; i < 30; i++) {
      const others = pick([[pick(files)], [pick(files), pick(files)]]);
      ask([file, ...others], pick([[], ...SORTS]), pick(RESTRICTIONS));
    }
    for (const words of [[], ['callers', ''], ['callees', '']]) {
      for (const paths of [[], ['--paths', 'base']]) questions.push([...words, file, ...paths]);
    }
  }
  return questions;
}

async function pstatInProcess() {
  const folder = mkdtempSync(path.resolve('node_modules', '.sweep-'));
  const outfile = path.join(folder, 'cli.mjs');
  await build({
    entryPoints: ['test/support/cli.ts'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outfile,
  });
  try {
    return (await import(outfile)).pstat;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const questions = questionsOf(process.argv.slice(2));
const script = path.resolve('test/pstats/make-pstats-goldens.py');
const answers = JSON.parse(
  execFileSync('python3', ['-W', 'ignore', script, '--answer'], {
    input: JSON.stringify(questions),
    maxBuffer: 2 ** 31 - 1,
  }),
);
const pstat = await pstatInProcess();
let differ = 0;
let rejected = 0;
for (const [i, question] of questions.entries()) {
  const { stdout, stderr, code } = await pstat([...question, '--format', 'pstats']);
  const ours = Buffer.from(stdout).toString();
  // Where Python ends with an exception, pstat is to say what is wrong.
  const isRejected = /^!! /m.test(answers[i]);
  if (isRejected) rejected++;
  if (isRejected ? code === 2 : ours === answers[i]) continue;
  differ++;
  if (differ > 8) continue;
  console.log(`\n${JSON.stringify(question)} exit ${code} ${stderr}`);
  const [a, b] = [ours.split('\n'), answers[i].split('\n')];
  const line = a.findIndex((each, n) => each !== b[n]);
  console.log(`line ${line}\n  pstat:  ${JSON.stringify(a[line])}\n  python: ${JSON.stringify(b[line])}`);
}
console.log(`${questions.length} questions, ${differ} differ, ${rejected} rejected by Python`);
process.exitCode = differ === 0 ? 0 : 1;
