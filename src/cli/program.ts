/** pstat as a process: hands what Node gives it to run(), and its exit code back. */

import type { Io, Output, Terminal } from './io.ts';
import { run } from './run.ts';

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
    opensLinks: () => opensLinks(stream),
    write: (data) => {
      stream.write(data);
    },
  };
}

async function opensLinks(stream: NodeJS.WriteStream): Promise<boolean> {
  const { createSupportsHyperlinks } = await import('supports-hyperlinks');
  return createSupportsHyperlinks(stream);
}

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
    get terminal() {
      return process.stdout.isTTY && process.stdin.isTTY ? terminal() : null;
    },
  };
}

async function answer(): Promise<void> {
  const code = await run(process.argv.slice(2), processIo());
  if (typeof code === 'string') process.kill(process.pid, code);
  // What a stream reported meanwhile stands.
  else process.exitCode ??= code;
}

/** Node's own exit code for a program that waits for what will never come. */
const UNSETTLED = 13;

/** Runs pstat on what the process was started with. Whatever goes wrong, it ends with a word and another code than 0. */
export async function main(): Promise<void> {
  const sayThatNothingCame = () => sayDefect('waited for what never came', UNSETTLED);
  process.once('exit', sayThatNothingCame);
  try {
    await answer();
  } catch (error) {
    sayDefect(error instanceof Error ? (error.stack ?? error.message) : String(error), 1);
  } finally {
    process.off('exit', sayThatNothingCame);
  }
}

function sayDefect(what: string, code: number): void {
  process.exitCode = code;
  process.stderr.write(`pstat: ${what}\nThis is a fault of pstat itself; please report it.\n`);
}
