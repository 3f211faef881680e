/** The load on a server: it starts when the server listens, and the server is ended after it. Linux only. */

import { setTimeout as pause } from 'node:timers/promises';
import { findInspectAddress } from '../attach/inspect-options.ts';
import { listeningSocketsOf } from '../attach/listening-sockets.ts';
import type { Interruption } from '../interruption.ts';
import { descendantsOf, groupMembersOf } from '../process-table.ts';
import { launch, type ProcessExit } from '../program/launch.ts';
import { OWN_GROUP, SignalHandling, withSignals } from '../program/signals.ts';
import type { Command } from './versions.ts';

/** How far the load came. */
type LoadProgress =
  /** The server ended before it opened a port. */
  | { readonly reached: 'start' }
  /** It opened none in time. */
  | { readonly reached: 'deadline' }
  /** The server ended while the load ran. */
  | { readonly reached: 'listening' }
  /** The load ended by itself. */
  | { readonly reached: 'end'; readonly exit: ProcessExit };

interface LoadOptions {
  readonly load: Command;
  /** A descriptor for what the load prints. */
  readonly printTo: number;
  readonly interruption: Interruption;
  /** ms that the server may take until it listens. @default MAX_START */
  readonly maxStart?: number;
}

export class ServerLoad {
  readonly #options: LoadOptions;
  #work: Promise<void> = Promise.resolve();
  #progress: LoadProgress = { reached: 'start' };
  /** Leader of the group of all that belongs to the server; null before it runs. */
  #server: number | null = null;
  #hasServerEnded = false;
  #isTold = false;
  /** null while it does not run */
  #loadPid: number | null = null;
  #killTimer: NodeJS.Timeout | undefined;
  #error: unknown = null;

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  /** @param server the pid of the leader of its group */
  start(server: number): void {
    this.#server = server;
    this.#work = this.#drive(server).catch((error: unknown) => {
      this.#error = error;
      this.#endServer();
    });
  }

  /**
   * To be called when the leader has ended: resolves when all of the server has. Throws PstatError (`query`) if the load
   * cannot run.
   */
  async finish(): Promise<LoadProgress> {
    this.#hasServerEnded = true;
    if (this.#loadPid !== null) signalGroup(this.#loadPid, 'SIGTERM');
    await this.#work;
    clearTimeout(this.#killTimer);
    await this.#endGroup();
    if (this.#error !== null) throw this.#error;
    return this.#progress;
  }

  async #drive(server: number): Promise<void> {
    if (await this.#waitUntilListening(server)) {
      this.#progress = { reached: 'listening' };
      const exit = await this.#runLoad();
      if (!this.#hasServerEnded) this.#progress = { reached: 'end', exit };
    } else if (!this.#hasServerEnded) this.#progress = { reached: 'deadline' };
    if (!this.#hasServerEnded) this.#endServer();
  }

  async #waitUntilListening(server: number): Promise<boolean> {
    const deadline = performance.now() + (this.#options.maxStart ?? MAX_START);
    while (performance.now() < deadline && !this.#hasServerEnded && this.#options.interruption.signal === null) {
      if (isListening(server)) return true;
      await pause(LOOK_INTERVAL);
    }
    return false;
  }

  async #runLoad(): Promise<ProcessExit> {
    const { load, printTo } = this.#options;
    const onStart = (pid: number) => {
      this.#loadPid = pid;
      if (this.#hasServerEnded) signalGroup(pid, 'SIGTERM');
    };
    const exit = withSignals(new SignalHandling(OWN_GROUP), (signals) =>
      launch({ ...load, env: process.env, output: printTo, signals, onStart }),
    );
    return exit.finally(() => {
      this.#loadPid = null;
    });
  }

  #endServer(): void {
    if (this.#server === null || this.#isTold) return;
    const server = this.#server;
    this.#isTold = true;
    signalGroup(server, 'SIGTERM');
    this.#killTimer = setTimeout(() => signalGroup(server, 'SIGKILL'), MAX_END);
  }

  /** A shell ends at once, and the server that it started later. */
  async #endGroup(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    const deadline = performance.now() + MAX_END;
    if (groupMembersOf(server).length > 0) this.#endServer();
    while (groupMembersOf(server).length > 0 && performance.now() < deadline) await pause(LOOK_INTERVAL);
    clearTimeout(this.#killTimer);
    signalGroup(server, 'SIGKILL');
  }
}

/** ms that a server may take until it listens. */
export const MAX_START = 60_000;

/** ms that a server may take to end after SIGTERM. */
const MAX_END = 10_000;

/** ms between two looks at its ports. */
const LOOK_INTERVAL = 50;

/** Whether the process or one below it listens on a TCP port, other than for a debugger. */
function isListening(root: number): boolean {
  return [root, ...descendantsOf(root)].some((pid) => {
    const inspector = findInspectAddress(pid);
    const ports = listeningSocketsOf(pid).map(({ port }) => port);
    return ports.some((port) => !(inspector.isOpenFromStart && port === inspector.port));
  });
}

function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch {
    // It has ended.
  }
}
