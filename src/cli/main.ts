#!/usr/bin/env node
/** The bin: hands the process to run(), and its exit code back. */

import { isatty } from 'node:tty';
import { enableCompileCache } from './compile-cache.ts';
import type { Io, Output, Terminal } from './io.ts';

/** A reader that has seen enough (`| head -1`) closes the pipe: that is a normal end. A full disk is not. */
function end(error: NodeJS.ErrnoException): void {
  process.exitCode = error.code === 'EPIPE' ? 0 : 2;
}

/** Standard output's end can be told of; standard error's only by the exit code. */
function endWithWord(error: NodeJS.ErrnoException): void {
  end(error);
  if (error.code === 'EPIPE') return;
  const stderr = output(process.stderr, end);
  stderr.write(`pstat: the answer cannot be written: ${error.code ?? error.message}\n`);
}

function output(stream: NodeJS.WriteStream, atEnd: (error: NodeJS.ErrnoException) => void): Output {
  stream.on('error', atEnd);
  return {
    isTTY: stream.isTTY === true,
    columns: stream.columns,
    links: canLink(stream),
    write: (data) => {
      stream.write(data);
    },
  };
}

/** What finds it out is not loaded where no terminal is, unless it is to say yes all the same. */
function canLink(stream: NodeJS.WriteStream): boolean {
  return linksOf?.(stream) ?? false;
}

let linksOf: ((stream: NodeJS.WriteStream) => boolean) | null = null;

function terminal(): Terminal {
  return {
    input: process.stdin,
    output: process.stdout,
    onInterrupt(act) {
      process.on('SIGINT', act);
      return () => process.off('SIGINT', act);
    },
  };
}

/** Node opens a standard stream when it is first asked for, and most runs need but one of them. */
function processIo(): Io {
  let stderr: Output | undefined;
  return {
    stdout: output(process.stdout, endWithWord),
    get stderr() {
      stderr ??= output(process.stderr, end);
      return stderr;
    },
    stdin: { [Symbol.asyncIterator]: () => process.stdin[Symbol.asyncIterator]() },
    env: process.env,
    terminal: isatty(0) && isatty(1) ? terminal() : null,
  };
}

async function main(): Promise<void> {
  enableCompileCache();
  if (isatty(1) || isatty(2) || process.env['FORCE_HYPERLINK'] !== undefined)
    linksOf = (await import('supports-hyperlinks')).createSupportsHyperlinks;
  const { run } = await import('./run.ts');
  const code = await run(process.argv.slice(2), processIo());
  if (typeof code === 'string') process.kill(process.pid, code);
  // What a stream reported meanwhile stands.
  else process.exitCode ??= code;
}

// Awaited, so that Node has a word for a run that comes to no end, and another exit code than 0.
await main();
