/**
 * `node server.mjs FRAMEWORK WAY`: a server of http, express, fastify or koa. With WAY `inside` it profiles its requests
 * by a wrapper or a middleware; `outside` is for the preload. Prints its port. When its standard input ends, prints its
 * counts and exits.
 */

import http from 'node:http';
import { serve } from './work.mjs';

const [framework, way] = process.argv.slice(2);
const { profiler } = way === 'inside' ? await import('../../../dist/record/request/profiler.js') : {};
const options = {
  dir: process.env.DIR,
  concurrency: process.env.CONCURRENCY,
  interval: Number(process.env.INTERVAL ?? 1000),
};
let profiled = null;

/** Wraps the listener if the program profiles itself. */
function wrap(listener) {
  if (profiler === undefined) return listener;
  profiled = profiler(listener, options);
  return profiled;
}

const servers = {
  http: () =>
    http.createServer(
      wrap((request, response) => {
        serve(request.url, request).then(
          (text) => response.end(text),
          () => response.writeHead(500).end('failed'),
        );
      }),
    ),

  async express() {
    const { default: express } = await import('express');
    const app = express();
    if (profiler !== undefined) {
      profiled = profiler(options);
      app.use(profiled);
    }
    // Express 5 accepts a promise, and responds with status 500 if it is rejected.
    app.use((request, response) => serve(request.url, request).then((text) => response.send(text)));
    app.use((_error, _request, response, _next) => response.status(500).send('failed'));
    return http.createServer(app);
  },

  async fastify() {
    const { default: fastify } = await import('fastify');
    let server;
    const serverFactory = (listener) => {
      server = http.createServer(wrap(listener));
      return server;
    };
    const app = fastify({ serverFactory });
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, _payload, done) => done(null));
    app.all('*', (request) => serve(request.url, request.raw));
    app.setErrorHandler((_error, _request, reply) => reply.status(500).send('failed'));
    await app.ready();
    return server;
  },

  async koa() {
    const { default: Koa } = await import('koa');
    const app = new Koa();
    app.silent = true;
    app.use(async (context) => {
      context.body = await serve(context.url, context.req);
    });
    return http.createServer(wrap(app.callback()));
  },
};

const server = await servers[framework]();
let reached = 0;
server.prependListener('request', () => reached++);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.resume().on('end', async () => {
  server.closeAllConnections();
  await profiled?.close();
  console.log(JSON.stringify({ reached, rss: process.memoryUsage.rss() }));
  process.exit();
});
