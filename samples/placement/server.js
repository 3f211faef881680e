// A service in the manner of OpenStack placement, over SQLite, made to be profiled.
//
//   node server.js before|after [PORT]        serves on 127.0.0.1 until SIGTERM or SIGINT; the port is 8778
//
// The word chooses which links.js serves: the one in before/ or the one in after/. All else is shared.

import http from 'node:http';
import { createHandler } from './app.js';
import { openDatabase } from './db/database.js';
import { seed } from './db/seed.js';

const [variant, port = '8778'] = process.argv.slice(2);

if (variant === 'before' || variant === 'after') {
  await serve();
} else {
  console.error('usage: node server.js before|after [PORT]');
  process.exitCode = 2;
}

async function serve() {
  const { linkSerializer } = await import(`./${variant}/links.js`);
  const database = await openDatabase();
  seed(database);
  const server = http.createServer(createHandler(database, linkSerializer));

  // Ends by itself, and does not die, so that the profiler can write what it holds.
  const stop = () => {
    server.close();
    server.closeIdleConnections();
    if (process.connected) process.disconnect();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.once('disconnect', stop); // whoever started it with a channel is gone

  server.listen(Number(port), '127.0.0.1', () => {
    const { port } = server.address();
    console.log(`${variant}: listening on http://127.0.0.1:${port}`);
    process.send?.({ port });
  });
}
