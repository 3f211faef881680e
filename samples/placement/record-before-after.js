// Did hoisting the conditionals in serializeLinks help? Records GET /resource_providers before and after, for
// `pstat compare` to say.
//
//   node samples/placement/record-before-after.js [FOLDER] [--rounds N] [--requests N]
//
// In each round (default 14) two new servers run side by side, each under the profiler of pstat. They are warmed up, then
// asked in turn, 5 times each by default. FOLDER/before and FOLDER/after (default: profiles/) get a file per request.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Client } from './client.js';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const VARIANTS = ['before', 'after'];
const PROFILED = '/resource_providers';
const UNPROFILED = '/resource_providers?limit=1000'; // the same work, not profiled: the filter below does not match it
const PROFILER = {
  PSTAT_PROFILE_FILTER: `/^GET \\${PROFILED}$/`,
  PSTAT_PROFILE_INTERVAL: '200', // µs; a request takes some 10 ms
};
const WARM_UPS = 60;

class RecordingError extends Error {}

// However the program ends, it ends its servers.
const servers = [];
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    killServers();
    process.kill(process.pid, signal); // now without a handler
  });
}

try {
  const settings = readArguments();
  checkInstalled();
  for (const { dir } of settings.sides) checkEmpty(dir);
  await record(settings);
  for (const { dir } of settings.sides) checkRecorded(dir, settings.rounds * settings.requests);
  console.log(`\npstat compare ${settings.sides.map(({ dir }) => dir).join(' ')} --limit 5`);
} catch (error) {
  if (!(error instanceof RecordingError)) throw error;
  console.error(`record-before-after.js: ${error.message}`);
  process.exitCode = 2;
} finally {
  killServers();
}

function readArguments() {
  const usage = 'usage: node samples/placement/record-before-after.js [FOLDER] [--rounds N] [--requests N]';
  const { values, positionals } = parseCommandLine(usage);
  const [rounds, requests] = [Number(values.rounds), Number(values.requests)];
  if (positionals.length > 1 || !isCount(rounds) || !isCount(requests)) throw new RecordingError(usage);
  const [folder = 'profiles'] = positionals;
  return { sides: VARIANTS.map((variant) => ({ variant, dir: path.join(folder, variant) })), rounds, requests };
}

function parseCommandLine(usage) {
  const count = (value) => ({ type: 'string', default: value });
  try {
    return parseArgs({ allowPositionals: true, options: { rounds: count('14'), requests: count('5') } });
  } catch (error) {
    const [problem] = error.message.split('. '); // the rest is advice about Node's API
    throw new RecordingError(`${problem}\n${usage}`);
  }
}

function isCount(value) {
  return Number.isInteger(value) && value > 0;
}

function checkInstalled() {
  for (const name of ['pstat-cli/register', 'sql.js']) {
    if (!isInstalled(name)) throw new RecordingError(`${name} is missing: npm ci installs and builds it`);
  }
}

function isInstalled(name) {
  try {
    return existsSync(fileURLToPath(import.meta.resolve(name)));
  } catch {
    return false;
  }
}

function checkEmpty(dir) {
  if (existsSync(dir) && readdirSync(dir).length > 0) {
    throw new RecordingError(`${dir} already holds files: remove it, or name another folder`);
  }
}

// Several rounds, because the requests of one process share its compiled code and its caches: they are one run.
async function record({ sides, rounds, requests }) {
  console.log(`${rounds} × two new servers, each warmed up, then profiled for ${requests} requests in turn`);
  for (let round = 0; round < rounds; round++) {
    showProgress(`round ${round + 1} of ${rounds}`);
    const running = [];
    for (const side of sides) running.push(await startServer(side));
    // Not as many in every round, or all processes would be equally far from their next garbage collection.
    for (let i = 0; i < WARM_UPS + round; i++) await askBoth(running, [UNPROFILED]);
    for (let i = 0; i < requests; i++) {
      const inTurn = i % 2 === round % 2 ? running : running.toReversed();
      // A server that slept is slow to wake, and so is the thread that samples it: the first one wakes both.
      await askBoth(inTurn, [UNPROFILED, PROFILED]);
    }
    await Promise.all(running.map(stopServer));
  }
  showProgress('');
}

async function startServer({ variant, dir }) {
  const child = spawn(process.execPath, ['--import', 'pstat-cli/register', 'server.js', variant, '0'], {
    cwd: HERE, // where Node finds pstat-cli
    env: { ...process.env, ...PROFILER, PSTAT_PROFILE_DIR: path.resolve(dir) },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  servers.push(child);
  const exitedEarly = once(child, 'exit').then(() => {
    throw new RecordingError(`the server ${variant} exited early`);
  });
  const [{ port }] = await Promise.race([once(child, 'message'), exitedEarly]);
  return { child, variant, client: new Client(`http://127.0.0.1:${port}`) };
}

async function askBoth(inTurn, urls) {
  const bodies = [];
  for (const server of inTurn) {
    let body;
    for (const url of urls) body = await ask(server, url);
    bodies.push(body);
  }
  if (bodies[0] !== bodies[1]) throw new RecordingError(`before and after answer GET ${urls.at(-1)} differently`);
}

async function ask({ client, variant }, url) {
  const { status, text } = await client.get(url).catch((error) => {
    throw new RecordingError(`the server ${variant} did not answer GET ${url}: ${error.message}`);
  });
  if (status !== 200) throw new RecordingError(`the server ${variant} answered GET ${url} with ${status}`);
  return text;
}

// The server exits once its profiles are written.
async function stopServer({ child, client }) {
  client.close();
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

function checkRecorded(dir, expected) {
  const { length } = existsSync(dir) ? readdirSync(dir) : [];
  if (length !== expected) throw new RecordingError(`${dir} holds ${length} profiles, not ${expected}`);
  console.log(`${dir}: ${length} × GET ${PROFILED}`);
}

function killServers() {
  for (const child of servers) child.kill('SIGTERM');
}

function showProgress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}
