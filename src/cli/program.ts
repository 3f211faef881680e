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

/** EX_SOFTWARE of sysexits.h: https://man.openbsd.org/sysexits.3 */
const DEFECT_EXIT_CODE = 70;

/** Runs pstat with the arguments of the process. A defect ends with its stack on stderr and exit code 70. */
export async function main(): Promise<void> {
  // Node exits as soon as nothing is pending, though this function still waits for a promise.
  const onUnsettledExit = () => reportDefect('a promise never settled');
  process.once('exit', onUnsettledExit);
  try {
    await answer();
  } catch (error) {
    reportDefect(error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    process.off('exit', onUnsettledExit);
  }
}

function reportDefect(what: string): void {
  process.exitCode = DEFECT_EXIT_CODE;
  process.stderr.write(`pstat: internal error: ${what}\nThis is a bug in pstat; please report it.\n`);
}
