/** `pstat requests --route --tail`. */

import { expect, test } from 'vitest';
import { pstat } from '../support/cli.ts';

const TAIL = ['requests', 'samples/before', '--route', 'GET /resource_providers', '--tail', '20%', '--limit', '2'];

test('shows what the slowest requests do that the middle half does not', async () => {
  const { stdout, code } = await pstat([...TAIL, '--color', 'never'], { columns: 80 });
  expect(code).toBe(0);
  expect(stdout).toContain(
    'slowest 20%: 159.0 ms, of it _serialize_links 49.5 ms\ntypical: 95.3 ms, of it _serialize_links 7.33 ms\n',
  );
  expect(stdout).toMatch(/^ +49\.5 +7\.3 +\+42\.2 +_serialize_links +/m);
});
