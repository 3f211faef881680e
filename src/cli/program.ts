/** pstat as a process: gives run() the streams, arguments and environment of Node, and Node the exit code. */

import { describeWriteError } from '../base/errors.ts';
import { escapeLines, shorten } from '../base/text.ts';
import { isFileDescriptor } from '../input/nearby.ts';
import type { Io, Lifecycle, Output, Terminal } from './io.ts';
import { run } from './run.ts';

/**
 * A reader that needs no more (`| head -1`) closes the pipe. That ends the output and nothing else: the exit code is that of
 * the command, so that no pipe hides a failed gate.
 */
function isClosedByReader({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || code === 'ECONNRESET';
}

/** A failed write (a full disk) turns success into failure. Any other exit code says more, and stays. */
function failUnlessFailed(): void {
  if (process.exitCode === undefined || process.exitCode === 0) process.exitCode = WRITE_FAILED;
}

const WRITE_FAILED = 2;

/** Escapes what a defect says, which may be text of a profile, and shortens its lines. */
export function escapeReport(text: string): string {
  return escapeLines(
    text
      .split('\n')
      .map((line) => shorten(line, MAX_LINE))
      .join('\n'),
  );
}

const MAX_LINE = 400;

/** An error of stdout is reported on stderr. For an error of stderr, only the exit code is left. */
function reportWriteError(error: NodeJS.ErrnoException): void {
  failUnlessFailed();
  const stderr = output(process.stderr, failUnlessFailed);
  stderr.write(`pstat: cannot write the output: ${describeWriteError(error.code ?? error.message)}\n`);
}

function output(stream: NodeJS.WriteStream, onFailure: (error: NodeJS.ErrnoException) => void): Output {
  let isOpen = true;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    const hasFailed = isOpen && !isClosedByReader(error);
    isOpen = false;
    if (hasFailed) onFailure(error);
  });
  return {
    isTTY: stream.isTTY === true,
    columns: stream.columns,
    get isOpen() {
      return isOpen;
    },
    opensLinks: () => opensLinks(stream),
    write: (data) => {
      if (isOpen) stream.write(data);
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
    onLifecycle,
    stop: () => {
      process.kill(process.pid, 'SIGSTOP');
    },
  };
}

/** Signals that end the process unless it handles them. */
const FATAL_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

function onLifecycle({ end, stop, resume }: Lifecycle): () => void {
  const endBySignal = (signal: NodeJS.Signals) => {
    end();
    release();
    process.kill(process.pid, signal);
  };
  const onStop = () => {
    stop();
    process.kill(process.pid, 'SIGSTOP');
  };
  const release = () => {
    for (const signal of FATAL_SIGNALS) process.off(signal, endBySignal);
    process.off('exit', end);
    process.off('SIGTSTP', onStop);
    process.off('SIGCONT', resume);
  };
  for (const signal of FATAL_SIGNALS) process.on(signal, endBySignal);
  process.on('exit', end);
  process.on('SIGTSTP', onStop);
  process.on('SIGCONT', resume);
  return release;
}

const STDIN = 0;

/** Node opens a standard stream when it is first read from `process`. Most runs need one of the three. */
function processIo(): Io {
  let stderr: Output | undefined;
  return {
    stdout: output(process.stdout, reportWriteError),
    get stderr() {
      stderr ??= output(process.stderr, failUnlessFailed);
      return stderr;
    },
    stdinIsFile: () => isFileDescriptor(STDIN),
    stdin: { [Symbol.asyncIterator]: () => process.stdin[Symbol.asyncIterator]() },
    env: process.env,
    get terminal() {
      return process.stdout.isTTY && process.stdin.isTTY ? terminal() : null;
    },
  };
}

/** Runs pstat with the arguments of this process and sets its exit code. */
export async function runCommand(): Promise<void> {
  const code = await run(process.argv.slice(2), processIo());
  if (typeof code === 'string') process.kill(process.pid, code);
  // A write that failed meanwhile has set an exit code.
  else process.exitCode = code === 0 ? (process.exitCode ?? 0) : code;
}
