#!/usr/bin/env node
/**
 * The command as npm installs it. Whatever goes wrong, it ends with a message and an exit code above 0.
 *
 * Nodes that pstat does not run on parse this file and what it imports statically: no top-level await, no `??`.
 */

import { enableCompileCache } from './compile-cache.ts';
import { type Failure, failureOf, internalError, outdatedNode } from './startup.ts';

/** Until the escaping function is loaded, all that is printed is pstat's and Node's own words. */
let escapeText = (text: string) => text;

const outdated = outdatedNode(process.versions.node);
if (outdated === null) start();
else fail(outdated);

function start(): void {
  // Node exits with 13 and without a message when nothing can settle a promise that is awaited.
  const reportUnsettled = () => fail(internalError('a promise never settled'));
  process.once('exit', reportUnsettled);
  enableCompileCache();
  // A dynamic import, so that Node looks for its compiled code in the cache.
  import('./program.ts')
    .then(({ escapeReport, runCommand }) => {
      escapeText = escapeReport;
      return runCommand();
    })
    .catch((error) => fail(failureOf(error)))
    .finally(() => process.off('exit', reportUnsettled));
}

function fail({ message, exitCode }: Failure): void {
  process.exitCode = exitCode;
  process.stderr.write(`pstat: ${escapeText(message)}\n`);
}
