/** The target of `pstat attach`. */

import { executableOf, isNamedNode, listPids } from '../process-table.ts';
import { badTarget, linuxOnly, portOfOtherUser } from './errors.ts';
import { findInspectAddress } from './inspect-options.ts';
import { findWebSocketUrl } from './inspector-url.ts';
import { isLoopback, type ListeningSocket, listeningSocketsOf, networkSocketsOf } from './listening-sockets.ts';

/** A process, or an inspector that is open. */
export type Target = { readonly pid: number } | { readonly url: string };

/** `4711`, `:3000`, `localhost:9229`, `ws://…`. Throws PstatError. */
export async function parseTarget(text: string): Promise<Target> {
  if (/^wss?:\/\//.test(text) && URL.canParse(text)) return { url: text };
  if (/^[1-9]\d{0,9}$/.test(text)) {
    if (process.platform !== 'linux') throw linuxOnly();
    return { pid: Number(text) };
  }
  const [, bracketed, plain = '', digits] =
    /^(?:https?:\/\/)?(?:\[([^\]]+)\]|([^:/\s]*)):(\d{1,5})\/?$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || port < 1 || port > 65_535) throw badTarget(text);
  const host = bracketed ?? (plain === '' ? '127.0.0.1' : plain);
  const pid = isLoopback(host) ? findServer(port) : null;
  if (pid !== null) return { pid };
  try {
    return { url: await findWebSocketUrl(host, port) };
  } catch (error) {
    throw isLoopback(host) && isOfOtherUser(port) ? portOfOtherUser(port) : error;
  }
}

/** The Node process of this machine whose server has the port; null if the port is of an inspector or of something else. */
function findServer(port: number): number | null {
  if (process.platform !== 'linux') return null;
  const hasPort = (socket: ListeningSocket) => socket.port === port;
  const pid = listPids().find((each) => isNamedNode(executableOf(each)) && listeningSocketsOf(each).some(hasPort));
  return pid === undefined || findInspectAddress(pid).port === port ? null : pid;
}

/** Whether a process of another user, whose sockets are not to be seen, listens on the port. */
function isOfOtherUser(port: number): boolean {
  const sockets = networkSocketsOf(process.pid).filter((socket) => socket.port === port);
  return sockets.length > 0 && sockets.every(({ uid }) => uid !== process.getuid?.());
}
