/** Two workers serve a port each. The main thread sends three requests to each and ends them. */

import http from 'node:http';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { fetchFrom } from './client.mjs';

if (isMainThread) {
  await Promise.all([1, 2].map(requestFromWorker));
} else {
  const server = http.createServer((_request, response) => response.end('served'));
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
  parentPort.once('message', () => process.exit());
}

async function requestFromWorker() {
  const worker = new Worker(new URL(import.meta.url));
  const port = await new Promise((resolve) => worker.once('message', resolve));
  for (let i = 0; i < 3; i++) await fetchFrom(port, '/same');
  worker.postMessage('end');
  await new Promise((resolve) => worker.once('exit', resolve));
}
