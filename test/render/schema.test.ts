/** schema.json describes what --json prints: every view is validated against it. */

import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { notesJson } from '../../src/render/profile-notes.ts';
import { pstat } from '../support/cli.ts';
import { everyNote } from '../support/notes.ts';

const schema = JSON.parse(readFileSync('src/render/schema.json', 'utf8'));
const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, strictRequired: false }).compile(
  schema,
);

const COMMANDS = [
  'samples/GET.resource_providers.prof --json',
  'samples/resource-providers.cpuprofile --json --limit 0 --idle',
  'samples/resource-providers.cpuprofile --json --focus serializeLinks --from 1s',
  'samples/resource-providers.cpuprofile --json --by package',
  'samples/resource-providers.cpuprofile --json --by owner',
  'samples/placement/profiles/before/GET.resource_providers.000010ms.1795705756.cpuprofile --json',
  'samples/odd/hostile-names.cpuprofile --json',
  'samples/odd/big-integers.prof --json',
  'samples/odd/empty-profile.prof --json',
  'samples/odd/sampled-3.15.pstats --json',
  'samples/resource-providers.cpuprofile --json --by line --from 1s',
  'list serializeProvider samples/resource-providers.cpuprofile --json --source-path samples/resource-providers',
  'list samples/resource-providers.cpuprofile --json --from 1s',
  'list _serialize_links samples/GET.resource_providers.prof --json',
  'callers serializeLinks samples/resource-providers.cpuprofile --json',
  'callees append samples/GET.resource_providers.prof --json',
  'compare samples/before samples/after --json',
  'compare samples/before samples/after --json --fail-above 5% --fail-on function',
  'compare samples/compare/base-1.cpuprofile samples/compare/renamed.cpuprofile --json',
  'compare samples/placement/profiles/before samples/placement/profiles/after --json --sort cumtime --strict --fail-above 1ms',
  'requests samples/placement/profiles/before --json',
  'requests samples/before --json',
  ...(process.platform === 'linux' ? ['attach --json'] : []),
];

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

  test.each(COMMANDS)('describes pstat %s', async (command) => {
    const { stdout } = await pstat(command.split(' '));
    validate(JSON.parse(stdout));
    expect(validate.errors).toBeNull();
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
