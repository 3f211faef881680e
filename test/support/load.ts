/** Sends mixed requests to a server of test/record/programs and checks the responses. */

import http from 'node:http';
import { setTimeout } from 'node:timers/promises';

export interface Load {
  readonly port: number;
  readonly requests: number;
  readonly concurrency: number;
}

/** Numbers of correct and of aborted responses, and the errors. */
export interface Outcome {
  readonly whole: number;
  readonly cut: number;
  readonly faults: readonly string[];
}

const KINDS = ['alpha', 'beta', 'gamma', 'delta'] as const;

/** Keeps this many requests in flight: GETs, chunked POSTs, and one in ten that aborts. */
export async function load({ port, requests, concurrency }: Load): Promise<Outcome> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: concurrency });
  const faults: string[] = [];
  const counts = { whole: 0, cut: 0 };
  let next = 0;
  const client = async () => {
    while (next < requests) {
      const number = next++;
      const kind = KINDS[number % KINDS.length] ?? 'alpha';
      const path = `/${kind}/${number}?key=${number}`;
      const hangsUp = number % 10 === 7;
      const { status, text } = await exchange({ agent, port, path, hangsUp, chunks: number % 3 });
      if (hangsUp) counts.cut++;
      else if (isRight(kind, status, text)) counts.whole++;
      else faults.push(`${path}: ${status} ${text.slice(0, 60)}`);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, client));
  agent.destroy();
  return { ...counts, faults };
}

function isRight(kind: string, status: number, text: string): boolean {
  return kind === 'delta' ? status === 500 : status === 200 && text === kind;
}

interface Exchange {
  readonly agent: http.Agent;
  readonly port: number;
  readonly path: string;
  readonly hangsUp: boolean;
  /** Size of the body; a GET has none. */
  readonly chunks: number;
}

function exchange({ agent, port, path, hangsUp, chunks }: Exchange): Promise<{ status: number; text: string }> {
  return new Promise((resolve) => {
    const method = chunks === 0 ? 'GET' : 'POST';
    const headers = chunks === 0 ? {} : { 'content-type': 'application/octet-stream' };
    const request = http.request({ agent, port, path, method, headers, host: '127.0.0.1' }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('close', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.on('error', (error) => resolve({ status: 0, text: error.message }));
    void send(request, { hangsUp, chunks });
  });
}

async function send(request: http.ClientRequest, { hangsUp, chunks }: Pick<Exchange, 'hangsUp' | 'chunks'>) {
  for (let i = 0; i < chunks; i++) {
    request.write('x'.repeat(1000));
    await setTimeout(1);
  }
  if (!hangsUp) {
    request.end();
    return;
  }
  request.flushHeaders();
  await setTimeout(1);
  request.destroy();
}
