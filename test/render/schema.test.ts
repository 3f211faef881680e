/** schema.json describes what --json prints: every view is validated against it. */

import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { notesJson } from '../../src/render/profile-notes.ts';
import type { AnyView } from '../../src/render/render.ts';
import { pstat } from '../support/cli.ts';
import { everyNote } from '../support/notes.ts';
import { RunFiles } from '../support/run-files.ts';

const schema = JSON.parse(readFileSync('src/render/schema.json', 'utf8'));
const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, strictRequired: false }).compile(
  schema,
);

/** Two folders of several routes. */
const routes = new RunFiles();
const ROUTES = `compare ROUTES/before ROUTES/after`;

beforeAll(() => {
  routes.requests('before', { '/customers/1': 40, '/orders': 60, '/old': 20 });
  routes.requests('after', { '/customers/1': 60, '/orders': 40, '/new': 20 });
});

afterAll(() => {
  routes.remove();
});

/** Commands by the view that they answer with; pictures and pstats' lines have no JSON. */
const COMMANDS: Readonly<Record<Exclude<AnyView['view'], 'flame' | 'pstats'>, readonly string[]>> = {
  functions: [
    'samples/GET.resource_providers.prof',
    'samples/resource-providers.cpuprofile --limit 0 --idle',
    'samples/resource-providers.cpuprofile --focus serializeLinks --from 1s',
    'samples/resource-providers.cpuprofile --by package',
    'samples/resource-providers.cpuprofile --by owner',
    'samples/resource-providers.cpuprofile --by line --from 1s',
    'samples/placement/profiles/before/GET.resource_providers.000010ms.1795705756.cpuprofile',
    'samples/odd/hostile-names.cpuprofile',
    'samples/odd/big-integers.prof',
    'samples/odd/empty-profile.prof',
    'samples/odd/sampled-3.15.pstats',
  ],
  callers: ['callers serializeLinks samples/resource-providers.cpuprofile'],
  callees: ['callees append samples/GET.resource_providers.prof'],
  list: [
    'list serializeProvider samples/resource-providers.cpuprofile --source-path samples/resource-providers',
    'list samples/resource-providers.cpuprofile --from 1s',
    'list _serialize_links samples/GET.resource_providers.prof',
  ],
  tree: [
    'tree samples/resource-providers.cpuprofile',
    'tree samples/resource-providers.cpuprofile --inverted --by package',
    'tree samples/GET.resource_providers.prof --estimate',
  ],
  compare: [
    'compare samples/before samples/after',
    'compare samples/before samples/after --fail-above 5% --fail-on function',
    'compare samples/compare/base-1.cpuprofile samples/compare/renamed.cpuprofile',
    'compare samples/placement/profiles/before samples/placement/profiles/after --sort cumtime --strict --fail-above 1ms',
  ],
  'compare-routes': [ROUTES, `${ROUTES} --fail-above 5%`],
  requests: ['requests samples/placement/profiles/before', 'requests samples/before'],
  'requests-tail': ["requests samples/before --route 'GET /resource_providers' --tail 20%"],
  processes: process.platform === 'linux' ? ['attach'] : [],
};

function wordsOf(command: string): readonly string[] {
  const words = command.match(/'[^']*'|\S+/g) ?? [];
  return words.map((word) => word.replaceAll("'", '').replace('ROUTES', routes.folder));
}

describe('schema.json', () => {
  test('explains every value of every enumeration', () => {
    const enumerations: { enum: readonly unknown[]; description?: string }[] = [];
    JSON.stringify(schema, (_, value) => {
      if (Array.isArray(value?.enum)) enumerations.push(value);
      return value;
    });
    expect(enumerations.length).toBeGreaterThan(10);
    for (const { enum: values, description = '' } of enumerations) {
      const isOneMeaning = /^(?:Which time of functions)/.test(description);
      for (const value of values) if (!isOneMeaning) expect(description).toContain(String(value));
    }
  });

  test.each(
    Object.entries(COMMANDS).flatMap(([view, commands]) => commands.map((command) => [command, view] as const)),
  )('describes pstat %s, %s', async (command, view) => {
    const { stdout } = await pstat([...wordsOf(command), '--json']);
    const answer = JSON.parse(stdout);
    validate(answer);
    expect([answer.view, validate.errors]).toEqual([view, null]);
  });

  test('describes every note of a profile, with its facts and its file', () => {
    const { enum: codes } = schema.$defs.profileNote.properties.code;
    for (const note of notesJson(everyNote('a.prof'))) {
      expect(codes).toContain(note.code);
      expect(Object.keys(schema.$defs.profileNote.properties)).toEqual(expect.arrayContaining(Object.keys(note)));
    }
  });

  test('rejects a row without its time', async () => {
    const { stdout } = await pstat(['samples/GET.resource_providers.prof', '--json']);
    const answer = JSON.parse(stdout);
    delete answer.rows[0].tottime;
    expect(validate(answer)).toBe(false);
  });
});
