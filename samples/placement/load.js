// A mixed load: clients that do what schedulers and operators do, and check every answer.
//
//   node load.js [--url URL] [--requests N] [--concurrency N]
//
// Prints what came back and how long it took. The first wrong answer ends it with exit code 1.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Client } from './client.js';

const { values: options } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:8778' },
    requests: { type: 'string', default: '500' },
    concurrency: { type: 'string', default: '4' },
  },
});
const total = Number(options.requests);
const concurrency = Number(options.concurrency);
const client = new Client(options.url, concurrency);

// One entry per answer: its status and the ms that it took.
const answers = [];
let turn = 0;

const RESOURCES = 'resources=VCPU:2,MEMORY_MB:512';
const SCENARIOS = [listAll, bootAndDelete, listAll, listSome, followLinks, askWrong];

try {
  const started = performance.now();
  await Promise.all(Array.from({ length: concurrency }, work));
  report(performance.now() - started);
} catch (error) {
  console.error(`load.js: ${error.message}`);
  process.exitCode = 1;
} finally {
  client.close();
}

async function work() {
  while (answers.length < total) await SCENARIOS[turn++ % SCENARIOS.length](turn);
}

// The answer's body, once its status has been checked.
async function ask(status, method, path, more) {
  const started = performance.now();
  const answer = await client.ask(method, path, more);
  answers.push({ status: answer.status, ms: performance.now() - started });
  assert.equal(answer.status, status, `${method} ${path} was answered ${answer.status}, not ${status}: ${answer.text}`);
  return answer.text === '' ? undefined : JSON.parse(answer.text);
}

function check(expected, found, what) {
  assert.deepEqual(found, expected, `${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`);
}

async function listAll() {
  const { resource_providers: providers } = await ask(200, 'GET', '/resource_providers');
  check(1000, providers.length, 'providers');
  check(
    true,
    providers.every(({ links }) => links.length === 6),
    'every provider has six links',
  );
}

async function listSome(turn) {
  const name = `compute-${String((turn % 250) + 1).padStart(4, '0')}`;
  const {
    resource_providers: [root],
  } = await ask(200, 'GET', `/resource_providers?name=${name}`);
  const tree = await ask(200, 'GET', `/resource_providers?in_tree=${root.uuid}`);
  check([root.uuid], [...new Set(tree.resource_providers.map((each) => each.root_provider_uuid))], 'roots of a tree');
  const {
    aggregates: [aggregate],
  } = await ask(200, 'GET', `/resource_providers/${root.uuid}/aggregates`);
  const members = await ask(200, 'GET', `/resource_providers?member_of=${aggregate}`);
  check(
    true,
    members.resource_providers.some(({ uuid }) => uuid === root.uuid),
    `${name} is in its aggregate`,
  );
}

async function followLinks(turn) {
  const name = `compute-${String((turn % 250) + 1).padStart(4, '0')}_numa1`;
  const {
    resource_providers: [provider],
  } = await ask(200, 'GET', `/resource_providers?name=${name}`);
  const bodies = {};
  for (const { rel, href } of provider.links) bodies[rel] = await ask(200, 'GET', href);
  check(name, bodies.self.name, 'name of a provider');
  check(['VCPU', 'MEMORY_MB'], Object.keys(bodies.inventories.inventories), `inventories of ${name}`);
  check(true, bodies.traits.traits.includes('HW_NUMA_ROOT'), `${name} has HW_NUMA_ROOT`);
}

async function bootAndDelete(turn) {
  const { allocation_requests: candidates } = await ask(200, 'GET', `/allocation_candidates?${RESOURCES}&limit=100`);
  check(100, candidates.length, 'candidates');
  const { allocations } = candidates[turn % candidates.length];
  const url = `/allocations/${randomUUID()}`;
  const body = { allocations, project_id: 'load', user_id: 'load', consumer_generation: null };
  await ask(204, 'PUT', url, { body });
  await ask(409, 'PUT', url, { body }); // by now the consumer has a generation
  const taken = await ask(200, 'GET', url);
  check(Object.keys(allocations).sort(), Object.keys(taken.allocations).sort(), 'providers of an allocation');
  await ask(204, 'DELETE', url);
  check({ allocations: {} }, await ask(200, 'GET', url), 'allocations after DELETE');
}

async function askWrong() {
  await ask(404, 'GET', '/no_such_thing');
  await ask(404, 'GET', `/resource_providers/${randomUUID()}`);
  await ask(404, 'DELETE', `/allocations/${randomUUID()}`);
  await ask(400, 'GET', '/resource_providers?in_tree=compute-0001');
  await ask(400, 'GET', '/allocation_candidates?resources=VCPU');
  await ask(405, 'DELETE', '/resource_providers');
  await ask(406, 'GET', '/', { version: 'placement 1.99' });
}

function report(elapsed) {
  const counts = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  const statuses = Object.entries(counts).map(([status, count]) => `${count} × ${status}`);
  const times = answers.map(({ ms }) => ms).sort((a, b) => a - b);
  const [median, slowest] = [times[times.length >> 1], times.at(-1)].map((ms) => `${ms.toFixed(1)} ms`);
  console.log(
    `${answers.length} requests in ${(elapsed / 1000).toFixed(2)} s, median ${median}, slowest ${slowest}: ${statuses.join(', ')}`,
  );
}
