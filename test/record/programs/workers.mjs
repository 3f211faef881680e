/** Two worker threads serve a port each; the main thread asks each three times and ends them. */

import http from 'node:http';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { ask } from './asking.mjs';

if (isMainThread) {
  await Promise.all([1, 2].map(askWorker));
} else {
  const server = http.createServer((_request, response) => response.end('served'));
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
  parentPort.once('message', () => process.exit());
}

async function askWorker() {
  const worker = new Worker(new URL(import.meta.url));
  const port = await new Promise((resolve) => worker.once('message', resolve));
  for (let i = 0; i < 3; i++) await ask(port, '/same');
  worker.postMessage('end');
  await new Promise((resolve) => worker.once('exit', resolve));
}
