/** The inspector protocol over a WebSocket: calls, answers and events (https://chromedevtools.github.io/devtools-protocol/). */

import { moduleUrl } from '../module-url.ts';
import { connectionClosed, noAnswer, noInspector, protocolError } from './errors.ts';

/** A thread that answers: the main one directly, workers through it. */
export interface CdpChannel {
  /** Throws PstatError. */
  call(method: string, params?: object): Promise<Answer>;
  onEvent(listener: EventListener): void;
}

/** What an inspector sends is checked where it is used. */
export type Answer = Readonly<Record<string, unknown>>;
type EventListener = (method: string, params: Answer) => void;

/** What a global WebSocket and that of the package `ws` share. */
interface Socket {
  send(text: string): void;
  close(): void;
  addEventListener(type: string, listener: (event: { data?: unknown; message?: string }) => void): void;
}

type SocketClass = new (url: string, options?: object) => Socket;

/** Node has a WebSocket from 22 on. */
async function loadSocketClass(): Promise<{ SocketClass: SocketClass; options?: object }> {
  const { WebSocket: SocketClass } = globalThis as { WebSocket?: SocketClass };
  if (SocketClass !== undefined) return { SocketClass };
  const ws: { WebSocket: SocketClass } = await import(moduleUrl('attach/socket').href);
  return { SocketClass: ws.WebSocket, options: { maxPayload: MAX_MESSAGE, perMessageDeflate: false } };
}

/** Bytes. A profile is one message; V8 has no longer strings. */
const MAX_MESSAGE = 2 ** 29;

/** One channel: numbers the calls and finds the call of an answer. */
export class MessageChannel implements CdpChannel {
  readonly #send: (text: string) => void;
  readonly #calls = new Map<number, PendingCall>();
  readonly #listeners: EventListener[] = [];
  #lastId = 0;
  #isClosed = false;

  constructor(send: (text: string) => void) {
    this.#send = send;
  }

  call(method: string, params: object = {}): Promise<Answer> {
    if (this.#isClosed) return Promise.reject(connectionClosed());
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#settle(id, (call) => call.reject(noAnswer(method))), TIMEOUT);
      this.#calls.set(id, { method, resolve, reject, timer });
      this.#send(JSON.stringify({ id, method, params }));
    });
  }

  onEvent(listener: EventListener): void {
    this.#listeners.push(listener);
  }

  /** Takes a message of the inspector. Skips what is none. */
  receive(text: string): void {
    const message = parseMessage(text);
    if (message === null) return;
    const { id, method, params, result, error } = message;
    if (typeof id === 'number') {
      this.#settle(id, (call) =>
        error === undefined
          ? call.resolve(result ?? {})
          : call.reject(protocolError(call.method, String(error.message))),
      );
    } else if (typeof method === 'string') {
      for (const listener of this.#listeners) listener(method, params ?? {});
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const id of [...this.#calls.keys()]) this.#settle(id, (call) => call.reject(connectionClosed()));
  }

  #settle(id: number, act: (call: PendingCall) => void): void {
    const call = this.#calls.get(id);
    if (call === undefined) return;
    this.#calls.delete(id);
    clearTimeout(call.timer);
    act(call);
  }
}

interface PendingCall {
  readonly method: string;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

interface Message {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: Answer;
  readonly result?: Answer;
  readonly error?: { readonly message?: unknown };
}

function parseMessage(text: string): Message | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null;
  }
}

/** ms. A thread answers between two statements of JavaScript, also while its event loop is blocked. */
const TIMEOUT = 20_000;

/** A connection to an inspector. */
export class CdpConnection extends MessageChannel {
  readonly #socket: Socket;
  /** Resolves when the connection is closed, by either side. */
  readonly closed: Promise<void>;

  private constructor(socket: Socket) {
    super((text) => socket.send(text));
    this.#socket = socket;
    this.closed = new Promise((resolve) => socket.addEventListener('close', () => resolve()));
    socket.addEventListener('message', ({ data }) => this.receive(String(data)));
    socket.addEventListener('error', () => {}); // 'close' follows
    void this.closed.then(() => this.close());
  }

  /** Throws PstatError if nothing answers. */
  static async open(url: string): Promise<CdpConnection> {
    const { SocketClass, options } = await loadSocketClass();
    return new Promise((resolve, reject) => {
      const fail = (reason: string) => {
        clearTimeout(timer);
        reject(noInspector(url, reason));
      };
      const timer = setTimeout(() => fail('it does not answer'), OPEN_TIMEOUT);
      const socket = new SocketClass(url, options);
      socket.addEventListener('error', ({ message = '' }) =>
        fail(message || 'nothing listens there, or it speaks another protocol'),
      );
      socket.addEventListener('open', () => {
        clearTimeout(timer);
        resolve(new CdpConnection(socket));
      });
    });
  }

  async disconnect(): Promise<void> {
    this.#socket.close();
    await Promise.race([this.closed, new Promise((resolve) => setTimeout(resolve, CLOSE_TIMEOUT).unref())]);
    this.close();
  }
}

/** ms. */
const OPEN_TIMEOUT = 10_000;
const CLOSE_TIMEOUT = 2000;
