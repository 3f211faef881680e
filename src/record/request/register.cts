/**
 * `node --import pstat-cli/register server.js` profiles the requests of a server; `--require` does, too.
 *
 * CommonJS, and bundled for old versions of Node: where requests cannot be profiled, this file must still load, so that
 * the server runs as it would alone. One line on stderr says why then. It does nothing unless a variable of the profiler is set.
 */

try {
  const isWanted = Object.keys(process.env).some((name) => name.startsWith('PSTAT_PROFILE_'));
  if (isWanted) profileOrExplain();
} catch (error) {
  explain(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
}

function profileOrExplain(): void {
  const obstacle = findObstacle();
  if (obstacle === null) require('./profile-servers.cjs').profileServers();
  else explain(obstacle);
}

/** Returns why this process cannot be profiled; null if it can. */
function findObstacle(): string | null {
  const { version, features } = process;
  if (!isSupported(version)) return `Node ${version.slice(1)} is too old; pstat needs 20.19, 22.12 or later`;
  if ((process as { permission?: unknown }).permission !== undefined) return '--permission does not allow it';
  return features.inspector ? null : 'this Node is built without an inspector';
}

function isSupported(version: string): boolean {
  const [major = 0, minor = 0] = version.slice(1).split('.').map(Number);
  if (major === 20) return minor >= 19;
  return major === 22 ? minor >= 12 : major > 22;
}

/** Prints once per process, and never throws. */
function explain(reason: string): void {
  try {
    if (!require('node:worker_threads').isMainThread) return;
    require('node:fs').writeSync(2, `pstat: requests are not profiled: ${reason}\n`);
  } catch {
    // stderr is closed.
  }
}
