/** Places that a terminal can open: OSC 8, which wraps a text in the address that a click leads to. */

import { fileURLToPath, pathToFileURL } from 'node:url';

/** The text, leading to the file if that is one on this machine's disk. */
export function linked(text: string, file: string | null): string {
  const url = file === null ? null : fileUrl(file);
  return url === null ? text : `\x1b]8;;${url}\x07${text}\x1b]8;;\x07`;
}

/** An absolute path or file URL as a URL in which nothing acts; null for what is neither. */
function fileUrl(file: string): string | null {
  if (!file.startsWith('file:///') && !/^\/(?!\/)/.test(file)) return null;
  try {
    return pathToFileURL(file.startsWith('file:') ? fileURLToPath(file) : file).href;
  } catch {
    // An encoded slash, say: no path of any disk.
    return null;
  }
}
