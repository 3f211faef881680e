/**
 * Unpacks the code of the page and runs it: gzipped it takes a third. The page's policy allows only the code with the hash
 * that is in the file.
 */

import { gunzip } from './gunzip.ts';

async function start(): Promise<void> {
  const code = await gunzip(document.getElementById('code')?.textContent ?? '');
  const script = document.createElement('script');
  script.textContent = new TextDecoder().decode(code);
  document.body.append(script);
}

start().catch((error: unknown) => {
  document.body.append(`This report cannot be shown: ${error}`);
  document.body.dataset['state'] = 'failed';
});
