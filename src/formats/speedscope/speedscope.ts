/**
 * speedscope's own format, which py-spy, rbspy, dotnet-trace and others write too:
 * https://github.com/jlfwong/speedscope/blob/main/src/lib/file-format-spec.ts
 */

import type { Format } from '../format.ts';
import { isObject } from '../json.ts';
import { readSpeedscope } from './read-speedscope.ts';

export const SCHEMA_URL = 'https://www.speedscope.app/file-format-schema.json';

export const speedscope: Format = {
  name: 'speedscope',
  title: 'speedscope: py-spy, rbspy, dotnet-trace',
  extensions: ['.speedscope.json', '.speedscope'],
  reader: {
    detect(content) {
      const value = content.json()?.value;
      if (!isObject(value)) return false;
      return value['$schema'] === SCHEMA_URL || (isObject(value['shared']) && Array.isArray(value['profiles']));
    },
    read: (content) => readSpeedscope(content.json()?.value),
  },
  writer: {
    parts: 'sources',
    isBinary: false,
    load: async () => (await import('./write-speedscope.ts')).writeSpeedscope,
  },
};
