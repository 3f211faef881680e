/** The profile of a thread, from the chunks and the metadata that its spool holds. */

import type { Profiler } from 'node:inspector';
import { expect, test } from 'vitest';
import { HOOKS } from '../../../src/record/program/hook-names.ts';
import { ThreadProfile } from '../../../src/record/program/thread-profile.ts';

const RUN = {
  id: 'a',
  pid: 7,
  node: 'v24.0.0',
  start: '',
  interval: 1000,
  elapsed: 5000,
  cpu: { user: 1, system: 1 },
};
const callFrame = (functionName: string, url = 'file:///srv/app.js') => ({
  functionName,
  scriptId: '5',
  url,
  lineNumber: 1,
  columnNumber: 1,
});
const root = { id: 1, callFrame: callFrame('(root)', ''), children: [2, 3] };

test('merges chunks, counts each sample once, and counts the recorder’s work as idle', () => {
  const thread = new ThreadProfile();
  thread.addChunk({
    nodes: [root, { id: 2, callFrame: callFrame('a') }, { id: 3, callFrame: callFrame('b') }],
    startTime: 1000,
    endTime: 4000,
    samples: [2, 3, 2],
    timeDeltas: [100, 1000, 1000],
  });
  thread.addChunk({
    nodes: [
      { ...root, children: [2, 3, 11] },
      { id: 3, callFrame: callFrame('a'), children: [9] },
      { id: 2, callFrame: callFrame('c') },
      { id: 9, callFrame: callFrame('', 'pstat:flush'), children: [10] },
      { id: 10, callFrame: callFrame('writeSync', 'node:fs') },
      { id: 11, callFrame: { ...callFrame('(garbage collector)', ''), scriptId: '0' } },
    ],
    startTime: 3000,
    endTime: 6000,
    samples: [3, 2, 10, 11, 3, 11],
    timeDeltas: [100, 1000, 500, 200, 300, 50],
  });
  thread.setRun(RUN);
  const { nodes, samples, timeDeltas, startTime, endTime, pstat } = JSON.parse([...thread.serialize()].join(''));
  const names = new Map(
    nodes.map((node: { id: number; callFrame: { functionName: string } }) => [node.id, node.callFrame.functionName]),
  );
  expect(samples.map((id: number) => names.get(id))).toEqual([
    'a',
    'b',
    'a',
    'c',
    '(idle)',
    '(idle)', // the collector after a flush
    'a',
    '(garbage collector)',
  ]);
  expect(timeDeltas).toEqual([100, 1000, 1000, 1000, 500, 200, 300, 50]);
  expect([startTime, endTime, thread.duration]).toEqual([1000, 6000, 5000]);
  expect(pstat.run.profiler).toBe(500);
});

test('adds up the executing lines of a call path, other than the recorder’s', () => {
  const thread = new ThreadProfile();
  const ticks = (...lines: number[]) => lines.map((line) => ({ line, ticks: 2 }));
  for (const startTime of [1000, 5000]) {
    thread.addChunk({
      nodes: [
        { ...root, children: [2, 9] },
        { id: 2, callFrame: callFrame('a'), positionTicks: ticks(4, startTime / 1000) },
        { id: 9, callFrame: callFrame('', 'pstat:flush'), positionTicks: ticks(1) },
      ],
      startTime,
      endTime: startTime + 3000,
      samples: [2, 9],
      timeDeltas: [100, 1000],
    });
  }
  const { nodes } = JSON.parse([...thread.serialize()].join(''));
  const written = nodes.flatMap(({ callFrame: { functionName }, positionTicks }: Profiler.ProfileNode) =>
    positionTicks === undefined ? [] : [[functionName, positionTicks]],
  );
  expect(written).toEqual([
    [
      'a',
      [
        { line: 4, ticks: 4 },
        { line: 1, ticks: 2 },
        { line: 5, ticks: 2 },
      ],
    ],
  ]);
});

test('counts the functions called by the recorder as idle, but not the program’s that its hooks call', () => {
  const recorder = new URL('../../../src/record/program/recorder.ts', import.meta.url).href;
  const thread = new ThreadProfile();
  thread.addChunk({
    nodes: [
      { ...root, children: [2, 4] },
      { id: 2, callFrame: callFrame('flush', recorder), children: [3] },
      { id: 3, callFrame: callFrame('writeSync', 'node:fs') },
      { id: 4, callFrame: callFrame(HOOKS[0] ?? '', recorder), children: [5] },
      { id: 5, callFrame: callFrame('onExit') },
    ],
    startTime: 1000,
    endTime: 2000,
    samples: [3, 5],
    timeDeltas: [100, 100],
  });
  const text = [...thread.serialize()].join('');
  expect(text).not.toContain('writeSync');
  expect(text).toContain('onExit');
  expect(thread.activeSampleCount).toBe(1);
});

test('is empty without chunks, and writes the last metadata of a spool to the file', () => {
  const thread = new ThreadProfile();
  expect(thread.isEmpty).toBe(true);
  expect(JSON.parse([...thread.serialize()].join(''))).not.toHaveProperty('pstat');
  thread.setRun({ ...RUN, elapsed: 1 });
  thread.setRun({ ...RUN, elapsed: 2 });
  const { timeDeltas, pstat } = JSON.parse([...thread.serialize()].join(''));
  expect([timeDeltas, pstat]).toEqual([[], { run: { ...RUN, elapsed: 2, profiler: 0 } }]);
});
