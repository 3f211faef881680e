/** Helpers for programs that are server and client at once. */

import http from 'node:http';

/** Works long enough to appear in samples. */
export function work(ms = 8) {
  const end = performance.now() + ms;
  let sum = 0;
  while (performance.now() < end) sum += JSON.stringify({ sum }).length;
  return sum;
}

/** Starts a server and returns its port. */
export function listen(server) {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));
}

/** Sends a request and returns the status and text of its response. Does not keep the connection. */
export function fetchFrom(port, path, options = {}) {
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
