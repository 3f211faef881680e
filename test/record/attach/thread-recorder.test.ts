/** The recorder that `pstat attach` puts into a thread, in this one. */

import { type Profiler, Session } from 'node:inspector';
import { runInThisContext } from 'node:vm';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CREATE_RECORDER, flushRecorder, UNDRAINED_LIMIT } from '../../../src/record/attach/thread-expressions.ts';
import { RECORDERS_KEY } from '../../../src/record/global-functions.ts';

interface Flushed {
  readonly loop: { readonly gaps: readonly (readonly [number, number])[] } | null;
  readonly missed: number;
}

interface Recorder {
  start(title: string, stall: { limit: number; period: number } | null): number;
  stop(): Flushed;
}

const session = new Session();
let ended: string[] = [];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'hrtime'] });
  const load = process.getBuiltinModule;
  // Fake timers replace the global functions alone.
  vi.spyOn(process, 'getBuiltinModule').mockImplementation((name) =>
    name === 'node:timers' ? globalThis : load(name as 'node:fs'),
  );
  ended = [];
  session.connect();
  session.post('Profiler.enable');
  session.on(
    'Profiler.consoleProfileFinished',
    ({ params }: { params: Profiler.ConsoleProfileFinishedEventDataType }) => ended.push(params.title ?? ''),
  );
});

afterEach(() => {
  session.removeAllListeners();
  session.disconnect();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const create = () => runInThisContext(CREATE_RECORDER) as Recorder;
const flush = (slot: number) => runInThisContext(flushRecorder(slot)) as Flushed;
const globals = () => Object.getOwnPropertySymbols(globalThis).includes(Symbol.for(RECORDERS_KEY));

test('a recorder ends its profile at each flush and at its stop, and leaves nothing', () => {
  const recorder = create();
  const slot = recorder.start('t', null);
  expect([flush(slot).missed, flush(slot).missed, recorder.stop().missed]).toEqual([0, 0, 0]);
  expect([ended, vi.getTimerCount(), globals()]).toEqual([['t0', 't1', 't0'], 0, false]);
});

test('a recorder that is not flushed for long ends its profile and its timers, and the next flush begins again', () => {
  const recorder = create();
  const slot = recorder.start('t', { limit: 200_000, period: 50 });
  vi.advanceTimersByTime(UNDRAINED_LIMIT - 1000);
  expect(ended).toEqual([]);
  vi.advanceTimersByTime(UNDRAINED_LIMIT);
  expect([ended, vi.getTimerCount()]).toEqual([['t0'], 0]);
  const { missed, loop } = flush(slot);
  expect([missed > (UNDRAINED_LIMIT / 2) * 1e3, loop, ended.length]).toEqual([true, null, 1]);
  vi.advanceTimersByTime(1000);
  expect(flush(slot)).toMatchObject({ missed: 0, loop: { gaps: [] } });
  recorder.stop();
  expect([ended.length, vi.getTimerCount(), globals()]).toEqual([3, 0, false]);
});
