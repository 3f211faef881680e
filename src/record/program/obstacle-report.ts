/** Tells pstat why a process is not recorded. Uses only what all versions of Node have. */

import type { ThreadIdentity } from './spool-format.ts';

export function reportObstacle(folder: string, reason: string): void {
  // biome-ignore lint/style/useNodejsImportProtocol: Node 12 does not know the protocol.
  const { writeFileSync } = require('fs');
  const thread: ThreadIdentity = {
    pid: process.pid,
    thread: 0,
    program: process.argv[1] === undefined ? '' : process.argv[1],
    start: Date.now(),
  };
  const text = `${JSON.stringify({ thread })}\n${JSON.stringify({ error: reason })}\n`;
  writeFileSync(`${folder}/${process.pid}.0.none.ndjson`, text, { mode: 0o600, flag: 'wx' });
}
