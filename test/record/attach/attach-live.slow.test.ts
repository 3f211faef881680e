/** `pstat attach --live`: the explorer follows a program that runs. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { loadProfile } from '../../../src/index.ts';
import { listeningSocketsOf } from '../../../src/record/attach/listening-sockets.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { KEYS, openTerminal } from '../../support/terminal.ts';

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Works half of the time, in a function that V8 neither inlines nor compiles while it runs; ends when its stdin does. */
async function startProgram(): Promise<ChildProcess & { readonly pid: number }> {
  const source = `function work() { const end = Date.now() + 20; let n = 0; while (Date.now() < end) n += JSON.stringify({ n }).length;
      ${'n = (n * 7 + 3) % 1000;'.repeat(100)} return n; }
    setInterval(work, 40); process.stdin.on('end', () => process.exit()).resume(); console.log('ready');`;
  const child = spawn(process.execPath, ['--no-use-osr', '--inspect-port=0', '-e', source], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  children.push(child);
  await once(child.stdout, 'data');
  return Object.assign(child, { pid: child.pid ?? 0 });
}

describe.skipIf(process.platform !== 'linux')('attach --live', () => {
  test('shows newer samples until it is paused, writes them, and leaves nothing in the program', async () => {
    const { pid } = await startProgram();
    const terminal = await openTerminal(['attach', `${pid}`, '--live'], 120, 24);
    await terminal.type('1');
    const header = () => terminal.screen().slice(0, 2).join(' ');
    expect(header()).toContain(`● live ${pid}`);
    expect(terminal.screen().at(-2)).toBe('no file holds what is shown; w writes one');
    await terminal.waitFor('work');
    const breakdown = () => terminal.screen()[1];
    const first = breakdown();
    while (breakdown() === first) await setImmediate();
    await terminal.waitFor('work');
    await terminal.type(' ');
    expect(header()).toContain(`○ paused ${pid}`);
    const file = path.join(temporaryFolder('live'), 'shown.cpuprofile');
    await terminal.type('w', ...file, KEYS.enter);
    await terminal.waitFor('shown.cpuprofile: ');
    expect((await loadProfile(file)).functions.name).toContain('work');
    await terminal.type(' ', 'q');
    await terminal.exit;
    expect(listeningSocketsOf(pid)).toEqual([]);
    expect([terminal.isRaw(), terminal.isAlternate(), process.kill(pid, 0)]).toEqual([false, false, true]);
  });

  test('names the file that is written at the end in its commands', async () => {
    const { pid } = await startProgram();
    const file = path.join(temporaryFolder('live'), 'app.cpuprofile');
    const terminal = await openTerminal(['attach', `${pid}`, '--live', '-o', file], 200, 24);
    expect(terminal.screen().at(-2)).toBe(`$ pstat flame ${file}`);
    await terminal.type('q');
    await terminal.exit;
    expect((await loadProfile(file)).functions.name).toContain('(root)');
  });

  test('ends with exit code 2 where there is no such process', async () => {
    const terminal = await openTerminal(['attach', '999999999', '--live'], 80, 24, { ready: '' });
    expect(await terminal.exit).toBe(2);
  });

  test('keeps what was shown when the program ends', async () => {
    const program = await startProgram();
    const terminal = await openTerminal(['attach', `${program.pid}`, '--live', '--last', '5s'], 120, 24);
    program.stdin?.end();
    await terminal.waitFor('○ ended');
    await terminal.type('1');
    await terminal.waitFor('work');
    await terminal.type('q');
    await terminal.exit;
  });
});
