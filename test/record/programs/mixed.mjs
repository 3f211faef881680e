/**
 * A server whose requests keep a store of their own, as tracing libraries do. `?stream` sends the response in parts;
 * upgrades are accepted and closed. Prints its port. When its standard input ends, prints its counts and exits.
 */

import { AsyncLocalStorage } from 'node:async_hooks';
import http from 'node:http';
import { serve } from './work.mjs';

const storage = new AsyncLocalStorage();
const counts = { reached: 0, lostStores: 0 };

async function handle(request, response) {
  const url = new URL(request.url, 'http://localhost');
  if (url.searchParams.has('stream')) for (let i = 0; i < 3; i++) response.write(' ');
  try {
    const text = await serve(request.url, request);
    if (storage.getStore()?.url !== request.url) counts.lostStores++;
    response.end(text);
  } catch {
    if (response.headersSent) response.end('failed');
    else response.writeHead(500).end('failed');
  }
}

const server = http.createServer((request, response) => {
  counts.reached++;
  storage.run({ url: request.url }, () => handle(request, response));
});
server.on('upgrade', (_request, socket) => {
  socket.on('error', () => {});
  socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n');
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.resume().on('end', () => {
  console.log(JSON.stringify(counts));
  process.exit();
});
