/** Places that a terminal can open: OSC 8, which wraps a text in the address that a click leads to. */

import { escapeControls } from '../../base/text.ts';
import { decodeEscapes, moduleFile } from '../../base/url.ts';

/** The text, leading to the file if that is one on this machine's disk. */
export function linkText(text: string, file: string | null): string {
  const url = file === null ? null : fileUrl(file);
  return url === null ? text : `\x1b]8;;${url}\x07${text}\x1b]8;;\x07`;
}

/** Terminals ignore longer addresses, or do worse: https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda */
const MAX_URL_LENGTH = 2083;

/** An absolute path or file URL as a fully encoded URL; null for anything else. */
function fileUrl(file: string): string | null {
  if (file.length > MAX_URL_LENGTH) return null;
  // Decoded first, so that `%20` stays one and a bare space becomes one.
  if (file.startsWith('file:///')) return encodePath(decodeEscapes(moduleFile(file).slice('file://'.length)));
  return /^\/(?!\/)/.test(file) ? encodePath(file) : null;
}

function encodePath(path: string): string {
  return `file://${encodeURI(escapeControls(path)).replace(/[?#]/g, encodeURIComponent)}`;
}
