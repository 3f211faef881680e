/** Sends a load of mixed requests to a server of test/record/programs, and checks the responses. */

import http from 'node:http';
import { setTimeout } from 'node:timers/promises';

export interface Load {
  readonly port: number;
  readonly requests: number;
  readonly concurrency: number;
}

export interface Outcome {
  /** Complete and correct responses. */
  readonly complete: number;
  /** Requests that the client aborted on purpose. */
  readonly aborted: number;
  readonly errors: readonly string[];
}

const KINDS = ['alpha', 'beta', 'gamma', 'delta'] as const;

/** Keeps `concurrency` requests in flight: GETs, POSTs in chunks, and one in ten that the client aborts. */
export async function load({ port, requests, concurrency }: Load): Promise<Outcome> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: concurrency });
  const errors: string[] = [];
  const counts = { complete: 0, aborted: 0 };
  let next = 0;
  const client = async () => {
    while (next < requests) {
      const number = next++;
      const kind = KINDS[number % KINDS.length] ?? 'alpha';
      const path = `/${kind}/${number}?key=${number}`;
      const aborts = number % 10 === 7;
      const { status, text } = await exchange({ agent, port, path, aborts, chunks: number % 3 });
      if (aborts) counts.aborted++;
      else if (isCorrect(kind, status, text)) counts.complete++;
      else errors.push(`${path}: ${status} ${text.slice(0, 60)}`);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, client));
  agent.destroy();
  return { ...counts, errors };
}

function isCorrect(kind: string, status: number, text: string): boolean {
  return kind === 'delta' ? status === 500 : status === 200 && text === kind;
}

interface Exchange {
  readonly agent: http.Agent;
  readonly port: number;
  readonly path: string;
  readonly aborts: boolean;
  /** Chunks of the body; with 0 it is a GET. */
  readonly chunks: number;
}

function exchange({ agent, port, path, aborts, chunks }: Exchange): Promise<{ status: number; text: string }> {
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
    void send(request, { aborts, chunks });
  });
}

async function send(request: http.ClientRequest, { aborts, chunks }: Pick<Exchange, 'aborts' | 'chunks'>) {
  for (let i = 0; i < chunks; i++) {
    request.write('x'.repeat(1000));
    await setTimeout(1);
  }
  if (!aborts) {
    request.end();
    return;
  }
  request.flushHeaders();
  await setTimeout(1);
  request.destroy();
}
