import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';
import { beforeEach, describe, expect, test } from 'vitest';
import { type ListedScript, listScripts } from '../../src/record/script-list.ts';
import { ScriptSources } from '../../src/record/script-sources.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MAP = { version: 3, sources: ['a.ts'], names: ['n'], mappings: 'AAAA', sourcesContent: ['let a;'] };
const { sourcesContent: _, ...KEPT } = MAP;

function dataUrl(map: unknown): string {
  return `data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`;
}

let folder = '';

beforeEach(() => {
  folder = temporaryFolder('scripts');
});

describe('listScripts', () => {
  const code = `1;\n//# sourceMappingURL=${dataUrl(MAP)}`;

  test('lists a script that was transpiled in memory, with its map', () => {
    const script = new vm.Script(code, { filename: '/nowhere/memory-1.ts' });
    expect(script.runInThisContext()).toBe(1);
    const listed = listScripts({ sources: false }).filter(({ url }) => url === 'file:///nowhere/memory-1.ts');
    expect(listed).toEqual([{ url: 'file:///nowhere/memory-1.ts', sourceMapURL: dataUrl(MAP) }]);
  });

  test('lists texts if they are wanted, also of scripts without a map', () => {
    const script = new vm.Script('2', { filename: '/nowhere/memory-2.js' });
    expect(script.runInThisContext()).toBe(2);
    const find = (sources: boolean) =>
      listScripts({ sources }).filter(({ url }) => url === 'file:///nowhere/memory-2.js');
    expect(find(true)).toEqual([{ url: 'file:///nowhere/memory-2.js', sourceMapURL: '', source: '2' }]);
    expect(find(false)).toEqual([]);
  });

  test("does not list Node's own scripts", () => {
    expect(listScripts({ sources: true }).filter(({ url }) => url.startsWith('node:'))).toEqual([]);
  });
});

describe('ScriptSources', () => {
  const scriptSources = (scripts: readonly ListedScript[], urls: ReadonlySet<string>) =>
    new ScriptSources(scripts).select(urls);
  const url = '/nowhere/a.ts';
  const script = { url, sourceMapURL: dataUrl(MAP) };
  const sampled = new Set([url]);

  test('keeps the map of a script that is on no disk, without the texts of its sources', () => {
    expect(scriptSources([script], sampled)).toEqual([{ url, sourceMap: KEPT }]);
  });

  test('keeps texts with the map if they are listed', () => {
    expect(scriptSources([{ ...script, source: 'let a' }], sampled)).toEqual([
      { url, sourceMap: MAP, source: 'let a' },
    ]);
  });

  test('reads the texts that a map lacks from source files below the working directory', () => {
    mkdirSync('node_modules/.cache', { recursive: true });
    const project = mkdtempSync(path.resolve('node_modules/.cache/pstat-sources-'));
    mkdirSync(path.join(project, 'dist'));
    const file = path.join(project, 'dist', 'a.js');
    const names = ['../a.ts', '../secret.pem', '/etc/hosts.js', '../link.ts', '../none.ts', 7];
    writeFileSync(file, '1');
    writeFileSync(`${file}.map`, JSON.stringify({ version: 3, sources: names, names: [], mappings: 'AAAA' }));
    writeFileSync(path.join(project, 'a.ts'), 'let a: number;');
    writeFileSync(path.join(project, 'secret.pem'), 'secret');
    writeFileSync(path.join(folder, 'outside.ts'), 'outside');
    symlinkSync(path.join(folder, 'outside.ts'), path.join(project, 'link.ts'));
    const [written] = scriptSources([{ url: file, sourceMapURL: 'a.js.map', source: '1' }], new Set([file]));
    rmSync(project, { recursive: true });
    expect(written?.sourceMap?.['sourcesContent']).toEqual(['let a: number;', null, null, null, null, null]);
  });

  test('keeps nothing of a script without samples', () => {
    expect(scriptSources([script], new Set())).toEqual([]);
  });

  test('keeps no map that the file of the script holds', () => {
    const file = path.join(folder, 'a.js');
    writeFileSync(file, `1;\n//# sourceMappingURL=${dataUrl(MAP)}\n`);
    const url = pathToFileURL(file).href;
    expect(scriptSources([{ ...script, url }], new Set([url]))).toEqual([]);
    writeFileSync(file, 'let a: number');
    expect(scriptSources([{ ...script, url }], new Set([url]))).toEqual([{ url, sourceMap: KEPT }]);
  });

  test('keeps a map in a file only together with texts', () => {
    const file = path.join(folder, 'a.js');
    writeFileSync(`${file}.map`, JSON.stringify(MAP));
    const listed = { url: file, sourceMapURL: 'a.js.map' };
    expect(scriptSources([listed], new Set([file]))).toEqual([]);
    expect(scriptSources([{ ...listed, source: '1' }], new Set([file]))[0]?.sourceMap).toEqual(MAP);
  });

  test('keeps neither of two different scripts of one URL, and one of two equal ones', () => {
    const other = { url, sourceMapURL: dataUrl({ ...MAP, mappings: 'AACA' }) };
    expect(scriptSources([script, other], sampled)).toEqual([]);
    expect(scriptSources([script, script], sampled).length).toBe(1);
  });

  test.each([
    'data:application/json,{',
    'data:text/plain,1',
    'data:application/json,%',
    'https://x.org/a.map',
    'data:',
  ])('keeps nothing for the address %s', (sourceMapURL) => {
    expect(scriptSources([{ url, sourceMapURL }], sampled)).toEqual([]);
  });

  test('keeps no more than a reader takes', () => {
    const large = { url, sourceMapURL: dataUrl({ ...MAP, mappings: 'AAAA,'.repeat(2e6) }) };
    const small = { url: '/nowhere/b.ts', sourceMapURL: dataUrl(MAP) };
    expect(scriptSources([large, small], new Set([url, small.url])).map((kept) => kept.url)).toEqual([small.url]);
  });
});
