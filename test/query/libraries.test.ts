/** Tests the folders of dependencies. */

import { describe, expect, test } from 'vitest';
import { libraryPath } from '../../src/query/libraries.ts';

describe('libraryPath', () => {
  test('is of the innermost folder of dependencies', () => {
    expect(libraryPath('/srv/node_modules/a/node_modules/b/index.js')).toEqual({
      folder: 'node_modules',
      path: 'b/index.js',
      isStandard: false,
      package: 'b',
    });
  });

  test('has no query of a URL', () => {
    expect(libraryPath('http://localhost/node_modules/a/x.js?v=1')?.path).toBe('a/x.js');
    expect(libraryPath('file:///srv/node_modules/a/x.js?update=2')?.path).toBe('a/x.js');
  });

  test('is null for a folder of dependencies itself, and for the app', () => {
    expect(libraryPath('/srv/node_modules/')).toBeNull();
    expect(libraryPath('/srv/app/main.js')).toBeNull();
    expect(libraryPath('')).toBeNull();
  });

  test('is found in time that grows with the length', () => {
    const long = 100_000;
    expect(libraryPath(`C:${'\\python\\libs'.repeat(long)}`)).toBeNull();
    expect(libraryPath(`/${'node_modules'.repeat(long)}`)).toBeNull();
    expect(libraryPath('/'.repeat(long))).toBeNull();
    expect(libraryPath(`https://a.example/${'?'.repeat(long)}`)).toBeNull();
  });
});
