/** Runs the code that the help pages show. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { TOPICS } from '../../src/cli/help-topics.ts';
import { readProfile } from '../../src/index.ts';
import { known } from '../support/reading.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let folder = '';

beforeAll(() => {
  folder = temporaryFolder('topics');
});

test('the code in pstat help formats writes a profile into the trace', () => {
  const [advice] = /require\('node:trace_events'\).*?\.enable\(\)/s.exec(known(TOPICS['formats']).text) ?? [];
  const busy = 'function busy() { for (let i = 0; i < 3e6; i++) JSON.parse("[1]"); }';
  execFileSync(process.execPath, ['-e', `${known(advice)}; ${busy}; busy();`], { cwd: folder, env: {} });
  const trace = readFileSync(path.join(folder, 'node_trace.1.log'));
  const profile = readProfile(trace, 'node_trace.1.log');
  expect(profile.functions.name).toContain('busy');
});
