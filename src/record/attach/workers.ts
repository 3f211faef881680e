/** The worker threads of a Node process, through its main thread (domain NodeWorker of Node's inspector), without pstat's own. */

import { type CdpChannel, MessageChannel } from './cdp.ts';

export class Workers {
  readonly #channel: CdpChannel;
  readonly #workers = new Map<string, MessageChannel>();

  /** @param onStart called for each worker that runs, and that starts later */
  constructor(channel: CdpChannel, onStart: (worker: CdpChannel) => void) {
    this.#channel = channel;
    channel.onEvent((method, { sessionId, message, workerInfo }) => {
      const id = String(sessionId);
      if (method === 'NodeWorker.attachedToWorker') {
        if (!isOwn(workerInfo)) onStart(this.#attach(id));
      } else if (method === 'NodeWorker.receivedMessageFromWorker') this.#workers.get(id)?.receive(String(message));
      else if (method === 'NodeWorker.detachedFromWorker') this.#detach(id);
    });
  }

  async enable(): Promise<void> {
    await this.#channel.call('NodeWorker.enable', { waitForDebuggerOnStart: false });
  }

  async disable(): Promise<void> {
    await this.#channel.call('NodeWorker.disable');
    for (const id of [...this.#workers.keys()]) this.#detach(id);
  }

  #attach(sessionId: string): MessageChannel {
    const worker = new MessageChannel((message) => {
      this.#channel.call('NodeWorker.sendMessageToWorker', { sessionId, message }).catch(() => this.#detach(sessionId));
    });
    this.#workers.set(sessionId, worker);
    return worker;
  }

  /** It has ended. */
  #detach(sessionId: string): void {
    this.#workers.get(sessionId)?.close();
    this.#workers.delete(sessionId);
  }
}

/** The writer of the request profiler, and the watcher of `pstat record`. */
function isOwn(workerInfo: unknown): boolean {
  const { url } = (workerInfo ?? {}) as { url?: unknown };
  return /[\\/](?:writer-thread|watcher)\.[cm]?[jt]s$/.test(String(url));
}
