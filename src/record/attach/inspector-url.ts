/** Asks an inspector for the URL of its WebSocket, over HTTP (https://chromedevtools.github.io/devtools-protocol/#endpoints). */

import { get } from 'node:http';
import { noInspector, severalTargets } from './errors.ts';

/** Throws PstatError if no inspector answers there, or if it has several pages. */
export async function findWebSocketUrl(host: string, port: number): Promise<string> {
  const name = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const targets = parseTargets(await request(host, port, name), name);
  const pages = targets.filter(({ type }) => type === 'node' || type === 'page' || type === 'deno');
  const found = pages.length > 0 ? pages : targets;
  const [only, ...others] = found;
  if (only === undefined) throw noInspector(name, 'it has nothing to profile');
  if (others.length > 0)
    throw severalTargets(
      name,
      found.map(({ url }) => url),
    );
  return only.url;
}

/** Whether an inspector of Node answers there. */
export async function isNodeInspector(host: string, port: number): Promise<boolean> {
  try {
    const version: unknown = JSON.parse(await request(host, port, '', '/json/version'));
    return typeof version === 'object' && version !== null && 'Protocol-Version' in version;
  } catch {
    return false;
  }
}

interface Target {
  readonly type: string;
  readonly url: string;
}

/** The address is the one that was asked, whatever the answer says: it may be another machine's. */
function parseTargets(text: string, name: string): Target[] {
  try {
    const list: unknown = JSON.parse(text);
    return (Array.isArray(list) ? list : []).flatMap((each: { type?: unknown; webSocketDebuggerUrl?: unknown }) => {
      const url = typeof each?.webSocketDebuggerUrl === 'string' ? new URL(each.webSocketDebuggerUrl) : null;
      return url === null ? [] : [{ type: String(each.type), url: `ws://${name}${url.pathname}${url.search}` }];
    });
  } catch {
    throw noInspector(name, 'it speaks another protocol');
  }
}

function request(host: string, port: number, name: string, path = '/json/list'): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => reject(noInspector(name, reason));
    const call = get({ host, port, path, timeout: TIMEOUT, agent: false }, (response) => {
      const parts: Buffer[] = [];
      let size = 0;
      response.on('data', (part: Buffer) => {
        parts.push(part);
        size += part.length;
        if (size > MAX_SIZE) call.destroy(new Error('its answer is too long'));
      });
      response.on('end', () => resolve(Buffer.concat(parts).toString()));
      response.on('error', (error) => fail(error.message));
    });
    call.on('timeout', () => call.destroy(new Error('it does not answer')));
    call.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
  });
}

/** ms. */
const TIMEOUT = 5000;
/** Bytes. */
const MAX_SIZE = 1e6;
