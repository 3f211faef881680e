// A bounded load: sends N requests to the server, so many at a time, then prints what came back.
//
//   node load.js [--requests N] [--concurrency N] [--port N] [--stop PID]
//
// Most of them list all providers, as the scheduler does; the others take the remaining routes.
// With --stop, the server (its process id) is asked to end with SIGTERM when all is done.

import http from 'node:http';
import { parseArgs } from 'node:util';
import { createStore } from './db.js';

const { values: options } = parseArgs({
  options: {
    requests: { type: 'string', default: '500' },
    concurrency: { type: 'string', default: '4' },
    port: { type: 'string', default: process.env.PORT ?? '8778' },
    stop: { type: 'string' },
  },
});
const total = Number(options.requests);
const concurrency = Number(options.concurrency);
const agent = new http.Agent({ keepAlive: true, maxSockets: concurrency });

// The server's store is made from a fixed seed, so the load knows what is in it.
const [first] = createStore(1).findProviders({});
const PATHS = [
  '/resource_providers',
  '/resource_providers?name=compute-0001',
  '/resource_providers',
  `/resource_providers?in_tree=${first.uuid}`,
  '/resource_providers',
  `/resource_providers/${first.uuid}`,
  '/resource_providers',
  '/traits',
  '/resource_providers',
  '/',
  '/resource_providers',
  '/no_such_thing',
];

function get(path) {
  const headers = { 'openstack-api-version': 'placement 1.39' };
  return new Promise((resolve, reject) => {
    const request = http.get({ host: '127.0.0.1', port: options.port, path, headers, agent }, (response) => {
      response.on('end', () => resolve(response.statusCode));
      response.on('error', reject);
      response.resume();
    });
    request.on('error', reject);
  });
}

async function waitForServer(seconds) {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    try {
      return await get('/');
    } catch (error) {
      if (error.code !== 'ECONNREFUSED' || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

const statuses = {};
let sent = 0;

async function client() {
  while (sent < total) {
    const status = await get(PATHS[sent++ % PATHS.length]);
    statuses[status] = (statuses[status] ?? 0) + 1;
  }
}

try {
  await waitForServer(10);
  const started = Date.now();
  await Promise.all(Array.from({ length: concurrency }, client));
  console.log(`${total} requests in ${Date.now() - started} ms:`, statuses);
} finally {
  agent.destroy();
  if (options.stop) process.kill(Number(options.stop), 'SIGTERM');
}
