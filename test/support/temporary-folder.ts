/** Folders for tests. All are in one, which is removed when the tests have ended. */

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const VARIABLE = 'PSTAT_TESTS';

/** `globalSetup` of vitest, which runs before the processes of tests start. */
export function setup(): () => void {
  const parent = mkdtempSync(path.join(tmpdir(), 'pstat-tests-'));
  chmodSync(parent, 0o755); // for tests that run as another user
  process.env[VARIABLE] = parent;
  return () => rmSync(parent, { recursive: true, force: true });
}

/** Creates a folder. @param name a part of its name */
export function temporaryFolder(name: string): string {
  return mkdtempSync(path.join(process.env[VARIABLE] ?? tmpdir(), `pstat-${name}-`));
}
