/** Reads the spools of a command while and after it runs. */

import { closeSync, type FSWatcher, openSync, read, readdirSync, watch } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { SpoolLine } from './spool-format.ts';

/** The spools in a folder. Opens each as soon as it appears, because the program may delete its temporary files. */
export class SpoolFolder {
  readonly #folder: string;
  readonly #watcher: FSWatcher | null;
  /** name -> descriptor; null for a spool that could not be opened. */
  readonly #spools = new Map<string, number | null>();

  constructor(folder: string) {
    this.#folder = folder;
    this.#watcher = this.#watch();
  }

  /** Whether the folder is gone. */
  get isDeleted(): boolean {
    return !this.#openNew();
  }

  /** The spools to read, as descriptors. */
  list(): number[] {
    this.#openNew();
    return [...this.#spools.values()].filter((descriptor) => descriptor !== null);
  }

  /** Closes a spool that was read, for good. */
  release(descriptor: number): void {
    for (const [name, each] of this.#spools) if (each === descriptor) this.#spools.set(name, null);
    closeSync(descriptor);
  }

  close(): void {
    this.#watcher?.close();
    for (const descriptor of this.list()) closeSync(descriptor);
    this.#spools.clear();
  }

  /** Without inotify, which has limits, the spools are opened at the end. */
  #watch(): FSWatcher | null {
    try {
      const watcher = watch(this.#folder, { persistent: false }, (event) => {
        if (event === 'rename') this.#openNew(); // each flush is a 'change'
      });
      watcher.on('error', () => watcher.close());
      return watcher;
    } catch {
      return null;
    }
  }

  /** Returns false if the folder is gone. */
  #openNew(): boolean {
    try {
      for (const name of readdirSync(this.#folder))
        if (!this.#spools.has(name)) this.#spools.set(name, this.#open(name));
      return true;
    } catch {
      return false;
    }
  }

  #open(name: string): number | null {
    try {
      return openSync(path.join(this.#folder, name), 'r');
    } catch {
      return null;
    }
  }
}

/** Reads a spool line by line, with the position behind each. Skips an incomplete line, which a killed thread leaves. */
export async function* readSpool(
  descriptor: number,
  from = 0,
): AsyncGenerator<{ readonly line: SpoolLine; readonly end: number }> {
  for await (const { text, end } of readLines(descriptor, from)) {
    const line = parseLine(text);
    if (line !== null) yield { line, end };
  }
}

/** Splits at line feeds alone: node:readline splits at U+2028 too, which a function's name may hold. */
async function* readLines(descriptor: number, from: number): AsyncGenerator<{ text: string; end: number }> {
  let parts: Buffer[] = [];
  let end = from;
  for (let position = from; ; ) {
    const { bytesRead, buffer } = await readAt(descriptor, Buffer.allocUnsafe(READ_SIZE), 0, READ_SIZE, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    let rest = buffer.subarray(0, bytesRead);
    for (let at = rest.indexOf(LINE_FEED); at !== -1; at = rest.indexOf(LINE_FEED)) {
      const line = Buffer.concat([...parts, rest.subarray(0, at)]);
      end += line.length + 1;
      yield { text: line.toString(), end };
      parts = [];
      rest = rest.subarray(at + 1);
    }
    parts.push(rest);
  }
}

const readAt = promisify(read);
const READ_SIZE = 1 << 18;
const LINE_FEED = 10;

/** Needs no validation: pstat wrote the file. */
function parseLine(text: string): SpoolLine | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
