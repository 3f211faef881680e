/** Evaluates JavaScript in a thread of the program (domain Runtime of the inspector protocol). */

import type { CdpChannel } from './cdp.ts';
import { protocolError } from './errors.ts';

/**
 * Returns the value. Answers also while the program exits, when no promise resolves any more. Throws PstatError if the code
 * throws.
 * @param needsRequire false for what is evaluated each second: Node makes a new `require` each time
 */
export async function evaluate(
  channel: CdpChannel,
  expression: string,
  { needsRequire = true } = {},
): Promise<unknown> {
  return (await evaluateWith(channel, { expression, ...(needsRequire ? WITH_REQUIRE : {}) })).value ?? null;
}

/** Returns what the promise resolves to. Throws PstatError if it is rejected. */
export async function evaluatePromise(channel: CdpChannel, expression: string): Promise<unknown> {
  return (await evaluateWith(channel, { expression, ...WITH_REQUIRE, awaitPromise: true })).value ?? null;
}

/** An object in the thread, until the connection is closed. */
export class RemoteObject {
  readonly #channel: CdpChannel;
  readonly #id: string;

  private constructor(channel: CdpChannel, id: string) {
    this.#channel = channel;
    this.#id = id;
  }

  /** @param expression of the object @throws PstatError if the code throws */
  static async create(channel: CdpChannel, expression: string): Promise<RemoteObject> {
    const { objectId } = await evaluateWith(channel, { expression, ...WITH_REQUIRE, returnByValue: false });
    if (typeof objectId !== 'string') throw protocolError('Runtime.evaluate', 'it returns no object');
    return new RemoteObject(channel, objectId);
  }

  /** Calls a method, and returns its value. Throws PstatError. */
  async call(name: string, ...args: readonly unknown[]): Promise<unknown> {
    const { result } = await this.#channel.call('Runtime.callFunctionOn', {
      objectId: this.#id,
      functionDeclaration: `function (...args) { return this.${name}(...args); }`,
      arguments: args.map((value) => ({ value })),
      returnByValue: true,
    });
    return (result as { value?: unknown } | undefined)?.value;
  }
}

/** `require` is needed by Node before 20.16, which has no `process.getBuiltinModule`. */
const WITH_REQUIRE = { includeCommandLineAPI: true } as const;

async function evaluateWith(channel: CdpChannel, params: { expression: string; [option: string]: unknown }) {
  const options = { returnByValue: true, silent: true };
  const { result, exceptionDetails } = await channel.call('Runtime.evaluate', { ...options, ...params });
  if (exceptionDetails !== undefined) {
    const { text, exception } = exceptionDetails as { text?: string; exception?: { description?: string } };
    throw protocolError('Runtime.evaluate', exception?.description?.split('\n')[0] ?? String(text));
  }
  return (result ?? {}) as { readonly value?: unknown; readonly objectId?: unknown };
}
