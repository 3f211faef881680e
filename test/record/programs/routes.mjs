/** `node routes.mjs FRAMEWORK URL`: asks a server of the framework once. */

import http from 'node:http';
import { fetchFrom, listen } from './client.mjs';

const [framework, url] = process.argv.slice(2);

async function expressServer() {
  const { default: express } = await import('express');
  const tenants = express.Router();
  tenants.get('/orders/:id', (_request, response) => response.send('served'));
  tenants.get('/failures/:id', () => {
    throw new Error('this route fails');
  });
  const app = express();
  app.use('/tenants/:tenant', tenants);
  app.use((_error, _request, response, _next) => response.status(500).send('failed'));
  return http.createServer(app);
}

const servers = {
  express: expressServer,
  'express-error': expressServer,
  none: async () => http.createServer((_request, response) => response.end('served')),

  async fastify() {
    const { default: fastify } = await import('fastify');
    const app = fastify();
    app.register(async (api) => api.get('/users/:name', async () => 'served'), { prefix: '/api' });
    await app.ready();
    return app.server;
  },

  /** Koa's routers set this field. */
  async koa() {
    const { default: Koa } = await import('koa');
    const app = new Koa();
    app.use(async (context) => {
      context._matchedRoute = '/users/:name';
      context.body = 'served';
    });
    return http.createServer(app.callback());
  },
};

const server = await servers[framework]();
const port = await listen(server);
await fetchFrom(port, url);
server.close();
