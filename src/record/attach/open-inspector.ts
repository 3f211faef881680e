/** Opens the inspector of a running Node process, and closes it again. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { readProcess, startTicksOf } from '../process-table.ts';
import { CdpConnection } from './cdp.ts';
import { cannotMove, descriptorsHidden, noInspectorOpened, noProcess, portTaken, publicSocket } from './errors.ts';
import { evaluate, RemoteObject } from './evaluate.ts';
import { findInspectAddress, type InspectAddress } from './inspect-options.ts';
import { findWebSocketUrl, isNodeInspector } from './inspector-url.ts';
import { connectionsTo, isLoopback, type ListeningSocket, listeningSocketsOf } from './listening-sockets.ts';
import { checkNodeProcess, checkSignal } from './preconditions.ts';
import { CREATE_GUARD, HAS_GUARD } from './thread-expressions.ts';

/** An inspector that can be talked to. */
export interface OpenInspector {
  readonly connection: CdpConnection;
  /** `127.0.0.1:9229` */
  readonly place: string;
  /** The id of the process in `pstat.run`. */
  readonly runId: string;
  /** Disconnects, and closes the inspector if it was opened here. Resolves to whether nothing of it is left. */
  close(): Promise<boolean>;
}

/** Throws PstatError before anything is sent to the process if that could harm it. */
export async function openInspectorOf(pid: number, { leavesPort }: { leavesPort: boolean }): Promise<OpenInspector> {
  checkNodeProcess(pid);
  const address = findInspectAddress(pid);
  const open = await findOpenInspector(pid, address);
  if (open !== null) return joinInspector(pid, open, address.port);
  const first = await guardSocket(pid, await signalAndWait(pid, address), address.port);
  const opened = leavesPort ? await moveInspector(pid, first, address.port) : first;
  const inspector = describeGuarded(pid, opened);
  if (isLoopback(opened.socket.address)) return inspector;
  await inspector.close();
  throw publicSocket(pid, inspector.place);
}

/** One that another pstat has opened closes when both are gone. */
async function joinInspector(pid: number, socket: ListeningSocket, port: number): Promise<OpenInspector> {
  const connection = await connectTo(socket);
  if ((await evaluate(connection, HAS_GUARD)) !== true) return describeOpen(pid, socket, connection);
  return describeGuarded(pid, await guardConnection(pid, { socket, connection, port }));
}

interface GuardedSocket {
  readonly socket: ListeningSocket;
  readonly connection: CdpConnection;
  /** In the process: closes the inspector when the connection is gone. */
  readonly guard: RemoteObject;
}

async function guardSocket(pid: number, socket: ListeningSocket, port: number): Promise<GuardedSocket> {
  return guardConnection(pid, { socket, connection: await connectTo(socket), port });
}

/** From here on the inspector closes whatever becomes of pstat. @param port where it opens the next time */
async function guardConnection(
  pid: number,
  { socket, connection, port }: Omit<GuardedSocket, 'guard'> & { readonly port: number },
): Promise<GuardedSocket> {
  const guard = await RemoteObject.create(connection, CREATE_GUARD);
  const sockets = connectionsTo(pid, socket.port).map(({ descriptor, inode }) => [
    `/proc/self/fd/${descriptor}`,
    `socket:[${inode}]`,
  ]);
  if ((await guard.call('start', sockets, port)) !== true) {
    await connection.disconnect();
    throw descriptorsHidden(pid, `${socket.address}:${socket.port}`);
  }
  return { socket, connection, guard };
}

async function connectTo({ address, port }: ListeningSocket): Promise<CdpConnection> {
  return CdpConnection.open(await findWebSocketUrl(address, port));
}

function describeOpen(pid: number, { address, port }: ListeningSocket, connection: CdpConnection): OpenInspector {
  return inspectorThatStays(connection, `${address}:${port}`, runIdOf(pid));
}

function describeGuarded(pid: number, opened: GuardedSocket): OpenInspector {
  return { ...describeOpen(pid, opened.socket, opened.connection), close: () => closeInspector(pid, opened) };
}

/** An inspector that somebody else has opened. */
export function inspectorThatStays(connection: CdpConnection, place: string, runId: string): OpenInspector {
  const close = async () => {
    await connection.disconnect();
    return true;
  };
  return { connection, place, runId, close };
}

/** Opens the inspector on another port: processes of one command all open theirs on the same one. */
async function moveInspector(
  pid: number,
  { socket, connection, guard }: GuardedSocket,
  port: number,
): Promise<GuardedSocket> {
  const before = inodesOf(pid);
  await guard.call('hurry', true);
  await connection.disconnect();
  const moved = await waitForSocket(pid, before, 0);
  if (moved === null) throw cannotMove(pid, socket.port);
  return guardSocket(pid, moved, port);
}

/** A process that was started with --inspect, or got the signal before. Throws PstatError if its port is of something else. */
async function findOpenInspector(
  pid: number,
  { port, isOpenFromStart }: InspectAddress,
): Promise<ListeningSocket | null> {
  const sockets = listeningSocketsOf(pid).filter((socket) => (port === 0 ? isOpenFromStart : socket.port === port));
  for (const socket of sockets) {
    if (await isNodeInspector(reachable(socket.address), socket.port))
      return { ...socket, address: reachable(socket.address) };
  }
  if (port !== 0 && sockets.length > 0) throw portTaken(pid, port);
  return null;
}

/** An address that means all addresses cannot be called everywhere. */
function reachable(address: string): string {
  return address === '0.0.0.0' ? '127.0.0.1' : /^[0:]+$/.test(address) ? '::1' : address;
}

async function signalAndWait(pid: number, address: InspectAddress): Promise<ListeningSocket> {
  const start = startTicksOf(pid);
  const before = inodesOf(pid);
  checkSignal(pid, address);
  if (start === null || start !== startTicksOf(pid)) throw noProcess(pid);
  process.kill(pid, 'SIGUSR1');
  const socket = await waitForSocket(pid, before, address.port);
  if (socket === null) throw noInspectorOpened(pid);
  return socket;
}

function inodesOf(pid: number): ReadonlySet<string> {
  return new Set(listeningSocketsOf(pid).map(({ inode }) => inode));
}

/**
 * Waits until the process listens on one more socket. Resolves to null if it does not.
 * @param before the sockets that are not meant @param wanted 0 for any port
 */
async function waitForSocket(
  pid: number,
  before: ReadonlySet<string>,
  wanted: number,
): Promise<ListeningSocket | null> {
  for (let waited = 0; waited < MAX_WAIT; waited += POLL) {
    await pause(POLL);
    const opened = listeningSocketsOf(pid).filter(({ inode }) => !before.has(inode));
    const found = opened.find(({ port }) => wanted === 0 || port === wanted);
    if (found !== undefined) return found;
    const facts = readProcess(pid);
    if (facts === null) throw noProcess(pid);
    if (waited >= USUAL_WAIT && !isBusy(facts.state, facts.hasPendingSigusr1)) break;
  }
  return null;
}

/** Node opens the inspector on its main thread, which may be blocked. */
function isBusy(state: string, hasPending: boolean): boolean {
  return state !== 'S' || hasPending;
}

/** ms. */
const POLL = 20;
const USUAL_WAIT = 1000;
const MAX_WAIT = 15_000;

/** Resolves to whether the socket is closed, or left to another pstat. A blocked event loop closes it when it turns. */
async function closeInspector(pid: number, { socket, connection, guard }: GuardedSocket): Promise<boolean> {
  await guard.call('hurry', false).catch(() => {}); // it has ended, or does not answer
  await connection.disconnect();
  if (connectionsTo(pid, socket.port).length > 0) return true;
  for (let waited = 0; waited < MAX_CLOSE_WAIT; waited += POLL) {
    if (!listeningSocketsOf(pid).some(({ inode }) => inode === socket.inode)) return true;
    await pause(POLL);
  }
  return false;
}

/** ms. */
const MAX_CLOSE_WAIT = 3000;

/** 16 hex digits: the same for every attachment to the process, and different for every other process. */
function runIdOf(pid: number): string {
  const facts = [readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim(), pid, startTicksOf(pid)];
  return createHash('sha256').update(facts.join(' ')).digest('hex').slice(0, 16);
}
