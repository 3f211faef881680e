#!/usr/bin/env node
/** The bin: hands the process to run(), and its exit code back. */

import { createSupportsHyperlinks } from 'supports-hyperlinks';
import { enableCompileCache } from './compile-cache.ts';
import type { Output, Terminal } from './io.ts';

enableCompileCache();
const { run } = await import('./run.ts');

/** A reader that has seen enough (`| head -1`) closes the pipe: that is a normal end. A full disk is not. */
function endQuietly(error: NodeJS.ErrnoException): void {
  process.exitCode = error.code === 'EPIPE' ? 0 : 2;
  if (error.code !== 'EPIPE')
    process.stderr.write(`pstat: the answer cannot be written: ${error.code ?? error.message}\n`);
}

function output(stream: NodeJS.WriteStream): Output {
  stream.on('error', endQuietly);
  return {
    isTTY: stream.isTTY === true,
    columns: stream.columns,
    links: createSupportsHyperlinks(stream),
    write: (data) => {
      stream.write(data);
    },
  };
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

const code = await run(process.argv.slice(2), {
  stdout: output(process.stdout),
  stderr: output(process.stderr),
  stdin: process.stdin,
  env: process.env,
  terminal: process.stdin.isTTY && process.stdout.isTTY ? terminal() : null,
});
if (typeof code === 'string') process.kill(process.pid, code);
// What a stream reported meanwhile stands.
else process.exitCode ??= code;
