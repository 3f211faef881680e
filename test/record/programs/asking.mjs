/** For programs that are server and client at once. */

import http from 'node:http';

/** Performs work that samples are sure to see. */
export function work(ms = 8) {
  const end = performance.now() + ms;
  let sum = 0;
  while (performance.now() < end) sum += JSON.stringify({ sum }).length;
  return sum;
}

/** The port, once the server listens. */
export function listening(server) {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));
}

/** Status and text of a response; the connection is not kept. */
export function ask(port, path, options = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, path, agent: false, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode, text }));
      response.on('error', reject);
    });
    request.on('error', reject).end(options.body);
  });
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
