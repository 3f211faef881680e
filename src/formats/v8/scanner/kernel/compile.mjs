/**
 * Compiles the kernel: `npm run build:kernel` writes ../kernel-bytes.ts. That file is committed, so that running pstat from
 * its sources needs no compiler. A test compiles the kernel and compares.
 */

import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

/** The text of kernel-bytes.ts. */
export async function kernelModule() {
  let bytes = new Uint8Array();
  const { error, stderr } = await asc.main(
    ['cpuprofile.ts', '--outFile', 'kernel.wasm', '-O3', '--converge', '--runtime', 'stub', '--enable', 'simd'].concat([
      '--noAssert',
      '--initialMemory',
      '384',
      '--use',
      'abort=',
      '--baseDir',
      FOLDER,
    ]),
    {
      writeFile(name, content) {
        if (name.endsWith('.wasm')) bytes = content;
      },
    },
  );
  if (error !== null) throw new Error(stderr.toString(), { cause: error });
  const text = Buffer.from(bytes).toString('base64');
  return `/** Compiled from kernel/ by \`npm run build:kernel\`; do not edit. */\nexport const KERNEL =\n  '${text}';\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(new URL('../kernel-bytes.ts', import.meta.url), await kernelModule());
}
