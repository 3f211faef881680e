// A small HTTP API in the manner of OpenStack placement, made to be profiled.
//
//   PORT=8778 node server.js        serves on 127.0.0.1 until SIGTERM or SIGINT
//
// Node writes a --cpu-prof recording only when the process ends by itself: a signal without a handler kills it
// and the recording is lost. So both signals close the server, and the event loop then runs empty.

import http from 'node:http';
import { createStore } from './db.js';
import { createHandler } from './routes.js';

const port = Number(process.env.PORT ?? 8778);
const server = http.createServer(createHandler(createStore(1000)));

function stop() {
  server.close();
  server.closeIdleConnections();
}

process.once('SIGTERM', stop);
process.once('SIGINT', stop);

server.listen(port, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${port}`);
});
