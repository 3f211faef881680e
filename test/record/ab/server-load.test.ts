/** The load on a server of `pstat ab --requests`. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { serverFailed } from '../../../src/record/ab/errors.ts';
import { ServerLoad } from '../../../src/record/ab/server-load.ts';
import { Interruption } from '../../../src/record/interruption.ts';

describe.skipIf(process.platform !== 'linux')('a server that opens no port in time', () => {
  test('is ended by SIGTERM, and the load does not run', async () => {
    const server = spawn('sleep', ['100'], { detached: true, stdio: 'ignore' });
    const interruption = new Interruption();
    const load = new ServerLoad({
      load: { command: 'false', args: [] },
      printTo: 2,
      interruption,
      maxStart: 100,
    });
    try {
      load.start(server.pid ?? 0);
      const [, signal] = await once(server, 'exit');
      expect([signal, await load.finish()]).toEqual(['SIGTERM', { reached: 'deadline' }]);
    } finally {
      interruption.stop();
      server.kill('SIGKILL');
    }
  });

  test('is named in one sentence', () => {
    const progress = { reached: 'deadline', exit: { signal: 'SIGTERM' } } as const;
    expect(serverFailed('v1.2', progress, false).message).toBe(
      'the server of v1.2 opened no TCP port within 60 s; it printed nothing',
    );
  });
});
