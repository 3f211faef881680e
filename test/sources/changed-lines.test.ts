import { describe, expect, test } from 'vitest';
import { parseDiff } from '../../src/sources/changed-lines.ts';

const linesOf = (diff: string) => {
  const { before, after } = parseDiff(diff);
  const plain = (files: typeof before) => Object.fromEntries([...files].map(([file, lines]) => [file, [...lines]]));
  return { before: plain(before), after: plain(after) };
};

test('lines are those that are replaced, removed and added', () => {
  const diff = `diff --git a/lib/a.js b/lib/a.js
index 1..2 100644
--- a/lib/a.js
+++ b/lib/a.js
@@ -3 +3,2 @@ function f() {
-old
+new
+newer
@@ -10,2 +11,0 @@
-gone
-gone too
@@ -20,0 +20 @@
+added
`;
  expect(linesOf(diff)).toEqual({ before: { 'lib/a.js': [3, 10, 11] }, after: { 'lib/a.js': [3, 4, 20] } });
});

test('a file may be renamed, new or gone', () => {
  const diff = `--- a/old name.js\t
+++ b/new name.js\t
@@ -1 +1 @@
-a
+b
--- /dev/null
+++ b/made.js
@@ -0,0 +1,2 @@
+a
+b
--- a/gone.js
+++ /dev/null
@@ -1 +0,0 @@
-a
`;
  expect(linesOf(diff)).toEqual({
    before: { 'old name.js': [1], 'gone.js': [1] },
    after: { 'new name.js': [1], 'made.js': [1, 2] },
  });
});

test('a line that looks like the name of a file is a line', () => {
  const diff = '--- a/x.js\n+++ b/x.js\n@@ -1,2 +1 @@\n--- a/y.js\n-@@ -5 +5 @@\n+++ b/z.js\n@@ -9 +8 @@\n-a\n+b\n';
  expect(linesOf(diff)).toEqual({ before: { 'x.js': [1, 2, 9] }, after: { 'x.js': [1, 8] } });
});

test('names that git quotes are unquoted', () => {
  const diff = '--- "a/a\\tb\\303\\244\\"\\\\.js"\n+++ "b/a\\tb\\303\\244\\"\\\\.js"\n@@ -1 +1 @@\n-a\n+b\n';
  expect(linesOf(diff).after).toEqual({ 'a\tbä"\\.js': [1] });
});

describe('what is no diff has no lines', () => {
  test.each(['', 'Binary files a/x.png and b/x.png differ\n', '@@ nonsense @@', '\0'.repeat(100)])('%j', (text) => {
    expect(linesOf(text)).toEqual({ before: {}, after: {} });
  });

  test('nor does a hunk claim all memory', () => {
    expect(parseDiff('+++ b/x.js\n@@ -1 +1,999999999999 @@\n').after.get('x.js')?.size).toBe(1e6);
  });
});
