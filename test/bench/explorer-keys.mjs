/**
 * `node explorer-keys.mjs FILE KEY…`, bundled, opens the explorer of a file in a terminal without a screen, and types keys.
 * Prints the CPU seconds of the opening and of each key until its screen, and the longest part of these in which no newer
 * key is answered. CPU time, because other programs take their share of the machine; that of the threads of Node is in it.
 */

import { PassThrough, Writable } from 'node:stream';
import { run } from '../../src/cli/run.ts';

const [, , file, ...keys] = process.argv;
const END_OF_FRAME = '\x1b[?2026l';
/** Turns of the event loop without a new frame after which a key is answered. */
const QUIET_TURNS = 40;

/** s of CPU: a key that changes nothing draws nothing. */
const MAX_ANSWER = 20;

let shown = '';
const size = { isTTY: true, columns: 80, rows: 24 };
const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode() {} });
const output = Object.assign(new Writable({ write: show }), size);
const out = { ...size, isOpen: true, opensLinks: async () => false, write() {} };
const lifecycle = { onInterrupt: () => () => {}, onLifecycle: () => () => {}, stop() {} };
const io = { stdout: out, stderr: out, stdin: [], stdinIsFile: () => false, env: { FORCE_COLOR: '3' } };

const start = cpuSeconds();
run(['explore', file], { ...io, terminal: { input, output, ...lifecycle } });
while (!shown.includes(END_OF_FRAME)) await turn();
const opened = cpuSeconds() - start;
await pause();
const answers = [];
for (const key of keys) {
  answers.push({ key, ...(await answer(key)) });
  await pause();
}
console.log(JSON.stringify({ opened, answers }));
process.exit();

function show(chunk, _, done) {
  shown += String(chunk);
  done();
}

async function answer(key) {
  shown = '';
  const start = cpuSeconds();
  let [longest, before, quiet] = [0, start, 0];
  input.write(key);
  while (quiet < QUIET_TURNS) {
    const length = shown.length;
    const now = cpuSeconds();
    longest = Math.max(longest, now - before);
    before = now;
    if (now - start > MAX_ANSWER) throw new Error(`nothing was drawn after ${JSON.stringify(key)}`);
    quiet = shown.length === length && shown.includes(END_OF_FRAME) && !isReading() ? quiet + 1 : 0;
    await turn();
  }
  return { seconds: before - start, longest };
}

/** The source pane says that it reads, and is drawn again. */
function isReading() {
  return shown.includes('reading the source') && shown.split(END_OF_FRAME).length < 3;
}

function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function turn() {
  return new Promise((resolve) => setImmediate(resolve));
}

/** What threads do after an answer is no part of the next one. */
function pause() {
  return new Promise((resolve) => setTimeout(resolve, 50));
}
