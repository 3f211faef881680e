/** Helpers for programs that are server and client at once. */

import { readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';

/**
 * Works for `ms` of CPU time, which is no less in elapsed time, and until it is in samples: on a busy machine, this thread
 * or V8's sampler may get no processor for longer.
 */
export function work(ms = 8) {
  const end = performance.now() + ms;
  const { user, system } = process.cpuUsage();
  const first = samplerWakes() ?? Number.NEGATIVE_INFINITY;
  let sum = 0;
  const isDone = () => {
    const used = process.cpuUsage();
    const cpu = (used.user + used.system - user - system) / 1e3;
    return performance.now() >= end && cpu >= ms && (samplerWakes() ?? Number.POSITIVE_INFINITY) >= first + MIN_WAKES;
  };
  while (!isDone()) for (let i = 0; i < 1000; i++) sum += JSON.stringify({ sum }).length;
  return sum;
}

const MIN_WAKES = 6;

/** How often V8's sampling threads have waited; undefined where none runs, or cannot be seen. Linux only. */
function samplerWakes() {
  let wakes;
  try {
    for (const thread of readdirSync('/proc/self/task')) {
      const status = readFileSync(`/proc/self/task/${thread}/status`, 'utf8');
      if (!status.startsWith('Name:\tv8:ProfEvntProc')) continue;
      wakes = (wakes ?? 0) + Number(/^voluntary_ctxt_switches:\s*(\d+)/m.exec(status)?.[1]);
    }
  } catch {
    // Not Linux, or a thread has ended.
  }
  return wakes;
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
