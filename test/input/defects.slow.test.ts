import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { run } from '../../src/cli/run.ts';
import type { FormatReader } from '../../src/formats/format.ts';
import { FORMATS } from '../../src/formats/registry.ts';
import { createScanner } from '../../src/formats/v8/scanner/create-scanner.ts';
import { loadProfile, readProfile } from '../../src/index.ts';
import { MIN_SCANNED_BYTES } from '../../src/input/read-recordings.ts';
import { code, plain } from '../support/documents.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

vi.mock('../../src/formats/v8/scanner/create-scanner.ts', async (importOriginal) => {
  const original = await importOriginal<{ createScanner: typeof createScanner }>();
  return { createScanner: vi.fn(original.createScanner) };
});

const PROF = 'samples/GET.resource_providers.prof';
const folder = temporaryFolder('defects');

afterEach(() => vi.restoreAllMocks());

function readerOf(name: string): FormatReader {
  const reader = FORMATS.find((format) => format.name === name)?.reader;
  if (reader === undefined) throw new RangeError(name);
  return reader;
}

function put(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** The JSON of a profile that is large enough for the scanner. */
function largeProfile(): string {
  const nodes = Array.from({ length: 12_000 }, (_, i) => ({ id: i + 1, callFrame: code(`f${i}`, i), children: [] }));
  const text = JSON.stringify(plain({ nodes, samples: [1, 2], timeDeltas: [5, 5] }));
  expect(text.length).toBeGreaterThan(MIN_SCANNED_BYTES);
  return text;
}

describe('a defect of a reader', () => {
  const defect = new TypeError('injected');
  const fail = () => {
    throw defect;
  };

  test('is thrown as it is by readProfile, loadProfile and the command', async () => {
    vi.spyOn(readerOf('prof'), 'read').mockImplementation(fail);
    expect(() => readProfile(readFileSync(PROF), PROF)).toThrow(defect);
    await expect(loadProfile(PROF)).rejects.toBe(defect);
    const output = { isTTY: false, columns: 80, isOpen: true, opensLinks: async () => false, write: () => {} };
    const stdin = (async function* () {})();
    await expect(
      run([PROF], { stdout: output, stderr: output, stdin, stdinIsFile: () => false, env: {}, terminal: null }),
    ).rejects.toBe(defect);
  });

  test('in the scanner is thrown as it is', async () => {
    vi.mocked(createScanner).mockReturnValueOnce({ position: 0, push: fail, recordings: fail });
    await expect(loadProfile(put('large.cpuprofile', largeProfile()))).rejects.toBe(defect);
  });

  test('is thrown as it is where bytes throw', async () => {
    const bytes = Object.defineProperty(Buffer.from('{"nodes":[]}'), 'length', { get: fail });
    expect(() => readProfile(bytes, 'file')).toThrow(defect);
    const stdin = (async function* () {
      yield bytes;
    })();
    await expect(loadProfile('-', { stdin })).rejects.toBe(defect);
  });
});

test('an error of the operating system is an error of the file', async () => {
  const failure = Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO', errno: -5, syscall: 'read' });
  const stdin = (async function* () {
    yield Buffer.from('{');
    throw failure;
  })();
  await expect(loadProfile('-', { stdin })).rejects.toMatchObject({ name: 'PstatError', kind: 'unreadable' });
});

describe('a large file', () => {
  test('that the scanner declines is parsed, and not scanned again', async () => {
    vi.mocked(createScanner).mockClear();
    // The scanner takes whole numbers without a fraction only.
    const file = put('declined.cpuprofile', largeProfile().replace('"id":7,', '"id":7.0,'));
    const profile = await loadProfile(file);
    expect(profile.functions.length).toBeGreaterThan(1);
    expect(createScanner).toHaveBeenCalledTimes(1);
  });

  test('that the scanner reads is not parsed', async () => {
    const read = vi.spyOn(readerOf('cpuprofile'), 'read');
    await loadProfile(put('scanned.cpuprofile', largeProfile()));
    expect(read).not.toHaveBeenCalled();
  });
});
