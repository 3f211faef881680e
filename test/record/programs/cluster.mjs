/** Two processes serve one port. The primary sends twenty requests, prints the responses, and ends the two. */

import cluster from 'node:cluster';
import http from 'node:http';
import { fetchFrom } from './client.mjs';

if (cluster.isPrimary) {
  const workers = [cluster.fork(), cluster.fork()];
  const [port] = await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('message', resolve))));
  for (let i = 0; i < 20; i++) process.stdout.write((await fetchFrom(port, '/same')).text);
  for (const worker of workers) worker.send('end');
} else {
  const server = http.createServer((_request, response) => response.end('served'));
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
  process.once('message', () => process.exit());
}
