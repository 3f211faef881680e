/** Tests which stalls of an event loop are saved, and under which names. */

import { readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RecentChunks } from '../../../src/record/flight/recent-chunks.ts';
import { type StallReport, StallReports } from '../../../src/record/flight/stall-reports.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

const FRAME = { scriptId: '1', url: 'file:///srv/app/a.js', lineNumber: 0, columnNumber: 0 };
const IDLE = { functionName: '(idle)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 };

/** One sample each 10 ms from a second on: idle until `busyFrom`, then busy. */
function chunk(second: number, busyFrom: number) {
  const startTime = second * 1e6;
  const times = Array.from({ length: 100 }, (_, i) => startTime + i * 1e4);
  return {
    nodes: [
      { id: 1, callFrame: { ...IDLE, functionName: '(root)' }, children: [2, 3] },
      { id: 2, callFrame: IDLE },
      { id: 3, callFrame: { ...FRAME, functionName: 'busy' } },
    ],
    startTime,
    endTime: startTime + 1e6,
    samples: times.map((time) => (time < busyFrom ? 2 : 3)),
    timeDeltas: times.map((_, i) => (i === 0 ? 0 : 1e4)),
  };
}

function record(seconds: number, busyFrom: number) {
  const recent = new RecentChunks<number>(3e6);
  for (let second = 0; second < seconds; second++) recent.add(chunk(second, busyFrom), second);
  return recent;
}

type Times = readonly [after: number, end: number];

async function report(stalls: readonly Times[], recent = record(5, 2.02e6), dir = temporaryFolder('stalls')) {
  const reports: StallReport[] = [];
  const errors: string[] = [];
  const onError = ({ message }: Error) => void errors.push(message);
  const saver = new StallReports({ dir, limit: 0.2e6, onStall: async (each) => void reports.push(each), onError });
  const thread = { identity: { pid: 1, thread: 0, program: '', start: 0 }, toProfile: () => recent.toProfile() };
  for (const [after, end] of stalls) {
    await saver.add([{ after, end, state: 'over', date: new Date(2026, 0, 1, 12, 3, 12).getTime() }], thread);
  }
  return { reports, errors, saver, files: statSync(dir).isDirectory() ? readdirSync(dir).sort() : [] };
}

test('keeps the chunks that cover the last time', () => {
  const recent = record(10, 0);
  expect(recent.first).toBe(6);
  expect(recent.toProfile().start).toBe(6e6);
});

test('a stall begins where the idle time before it ends', async () => {
  const { reports, files } = await report([[2e6, 3e6]]);
  expect(reports).toMatchObject([{ duration: 0.98e6, from: 1.02e6, to: 2e6, skipped: 0 }]);
  expect(files).toEqual(['stall-120311.cpuprofile']);
});

test('a wait that was idle for the most part is no stall', async () => {
  expect((await report([[2e6, 2.21e6]])).files).toEqual([]);
});

test('stalls soon after another are counted, but for one that is twice as long', async () => {
  const stalls = [
    [2e6, 3e6],
    [3e6, 3.5e6],
    [3.5e6, 4e6],
    [2e6, 4.9e6],
  ] as const;
  const { reports, saver } = await report(stalls);
  expect(reports).toMatchObject([{ skipped: 0 }, { skipped: 2, duration: 2.88e6 }]);
  expect([saver.files.length, saver.skipped]).toEqual([2, 0]);
});

test('never replaces a file of the same second', async () => {
  const { files } = await report([
    [2e6, 2.5e6],
    [2e6, 4e6],
  ]);
  expect(files).toHaveLength(2);
});

test('a stall whose file cannot be written is an error that ends nothing, and is counted', async () => {
  const dir = path.join(temporaryFolder('stalls'), 'file');
  writeFileSync(dir, '');
  const { reports, errors, saver } = await report([[2e6, 3e6]], record(5, 2.02e6), dir);
  expect(errors).toEqual([`${dir}/stall-120311.cpuprofile: cannot be written: a file where a folder was expected`]);
  expect([reports, saver.files, saver.skipped]).toEqual([[], [], 1]);
});
