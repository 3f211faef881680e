/** Three kinds of request: nothing at all; a thousand rows as JSON, some ms of work; a hundred awaits. Prints its port. */

import http from 'node:http';

const ROWS = Array.from({ length: 1000 }, (_, id) => ({ id, uuid: `${id}`.padStart(32, '0'), name: `provider ${id}` }));

const KINDS = {
  '/hello': async () => 'hello',
  '/rows': async () =>
    JSON.stringify(ROWS.map((row) => ({ ...row, links: [{ rel: 'self', href: `/rows/${row.uuid}` }] }))),
  async '/awaits'() {
    let sum = 0;
    for (let i = 0; i < 100; i++) sum += await i;
    return `${sum}`;
  },
};

const server = http.createServer(async (request, response) => response.end(await KINDS[request.url]()));
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
