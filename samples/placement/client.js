// Requests to the service, on connections that are kept.

import http from 'node:http';

export const NEWEST = 'placement 1.39';

export class Client {
  #url;
  #agent;

  constructor(url, connections = 1) {
    this.#url = url;
    this.#agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  }

  get(path) {
    return this.ask('GET', path);
  }

  // Gives { status, headers, text }.
  ask(method, path, { body, version = NEWEST } = {}) {
    const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const headers = { 'openstack-api-version': version, 'content-length': bytes?.length ?? 0 };
    return new Promise((resolve, reject) => {
      const request = http.request(new URL(path, this.#url), { method, headers, agent: this.#agent }, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode, headers: response.headers, text: Buffer.concat(chunks).toString() }),
        );
        response.on('error', reject);
      });
      request.on('error', reject);
      request.end(bytes);
    });
  }

  close() {
    this.#agent.destroy();
  }
}
