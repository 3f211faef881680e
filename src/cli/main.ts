#!/usr/bin/env node
/** The bin: hands the process to run(), and its exit code back. */

import { createSupportsHyperlinks } from 'supports-hyperlinks';
import { enableCompileCache } from './compile-cache.ts';
import type { Output } from './io.ts';

enableCompileCache();
const { run } = await import('./run.ts');

/** A reader that has seen enough (`| head -1`) closes the pipe: that is a normal end. */
function quietWhenClosed(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exitCode = 0;
  });
}

function output(stream: NodeJS.WriteStream): Output {
  quietWhenClosed(stream);
  return {
    isTTY: stream.isTTY === true,
    columns: stream.columns,
    links: createSupportsHyperlinks(stream),
    write: (text) => {
      stream.write(text);
    },
  };
}

process.exitCode = await run(process.argv.slice(2), {
  stdout: output(process.stdout),
  stderr: output(process.stderr),
  stdin: process.stdin,
  env: process.env,
});
