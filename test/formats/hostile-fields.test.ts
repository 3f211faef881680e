/** Values of a wrong type are rejected where they are read, by an error that names the field. */

import { describe, expect, test } from 'vitest';
import { PstatError } from '../../src/base/errors.ts';
import { readProfile } from '../../src/index.ts';
import { code, json, plain, withFrames } from '../support/documents.ts';
import { event } from '../support/trace.ts';

/** An object that no text can be made of. */
const UNPRINTABLE = { toString: 1, valueOf: 1 };

function messageOf(document: unknown): string {
  try {
    readProfile(json(document), 'x.json');
  } catch (error) {
    if (error instanceof PstatError) return error.message;
    throw error;
  }
  return expect.fail('it was read');
}

describe('an object that no text can be made of', () => {
  test.each([
    ['$schema', { $schema: UNPRINTABLE }, '$schema is an object, not a text'],
    [
      'the name of an event',
      { traceEvents: [{ ph: 'P', name: UNPRINTABLE }] },
      'event 0.name is an object, not a text',
    ],
    ['the name in a list', [{ name: UNPRINTABLE }], 'event 0.name is an object, not a text'],
    ['the id of an event', [{ ...event('Profile', 1, {}), id: UNPRINTABLE }], 'event 0.id is an object'],
    [
      'scriptId',
      withFrames({ ...code('f'), url: '', scriptId: UNPRINTABLE }),
      'nodes[1].callFrame.scriptId is an object',
    ],
    [
      'functionName',
      withFrames({ ...code('f'), functionName: UNPRINTABLE }),
      'nodes[1].callFrame.functionName is an object',
    ],
    ['url', withFrames({ ...code('f'), url: UNPRINTABLE }), 'nodes[1].callFrame.url is an object'],
    ['a Hermes name', { stackFrames: { 1: { name: UNPRINTABLE } }, samples: [] }, 'stackFrames[1].name is an object'],
    ['nodes', plain({ nodes: UNPRINTABLE as never }), 'nodes is an object, not a list'],
    ['a sample', plain({ samples: [UNPRINTABLE] }), 'samples[0] is an object'],
    ['startTime', plain({ startTime: UNPRINTABLE }), 'startTime is an object'],
  ])('as %s is named', (_, document, message) => {
    expect(messageOf(document)).toContain(message);
  });

  test('in the facts of a request counts as absent', () => {
    const document = { ...plain(), pstat: { method: 'GET', url: '/', status: UNPRINTABLE, run: { id: UNPRINTABLE } } };
    const { request, run } = readProfile(json(document), 'x.json') as never;
    expect([request, run]).toMatchObject([{ status: null }, { id: null }]);
  });
});

test('a trace whose events have deeply nested ids is rejected', () => {
  const nested = '['.repeat(100_000) + ']'.repeat(100_000);
  const text = `[{"ph":"P","name":"ProfileChunk","id":${nested},"args":{}}]`;
  expect(() => readProfile(Buffer.from(text), 'x.json')).toThrow('event 0.id is a list');
});

test('threads of Hermes do not multiply its stack frames without a limit', () => {
  const stackFrames = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [i + 1, { name: 'f' }]));
  const samples = Array.from({ length: 5000 }, (_, i) => ({ ts: i, pid: 1, tid: i, sf: 1 }));
  expect(messageOf({ stackFrames, samples })).toContain('5,000 threads over 5,000 stack frames');
});
