import { expect, test } from 'vitest';
import { chooseFile } from '../../../src/record/program/profile-files.ts';

const START = new Date(2026, 10, 27, 9, 5, 7).getTime();
const threadOf = (pid: number, thread: number) => ({ pid, thread, program: 'app.js', start: START });

test('each process numbers its files from 001, however many other processes were recorded before', () => {
  const before = [threadOf(11, 0), threadOf(11, 1), threadOf(12, 0)].map((thread) => ({ thread }));
  const file = chooseFile(threadOf(12, 1), before, { dir: 'out', output: null, isMain: false });
  expect(file).toBe('out/CPU.20261127.090507.12.1.002.cpuprofile');
});

test('the file of another thread stands beside the named one, with its pid and its number', () => {
  const target = { dir: 'out', output: 'out/app.cpuprofile' };
  expect(chooseFile(threadOf(12, 0), [], { ...target, isMain: true })).toBe('out/app.cpuprofile');
  expect(chooseFile(threadOf(12, 3), [], { ...target, isMain: false })).toBe('out/app.12.3.cpuprofile');
});
