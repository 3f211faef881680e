/** Names the file of a request after its method and URL, so that no URL can produce an unsafe name. */

import { decodeEscapes, urlPath } from '../../base/url.ts';
import { unknownNameField } from './errors.ts';

/** The facts about a request that its file name can hold. */
export interface ServedRequest {
  readonly method: string;
  /** As the client sent it. */
  readonly url: string;
  /** The path of the URL, decoded, with dots for slashes: `resource_providers.7.inventories`, or `root`. */
  readonly path: string;
  /** Null if no response headers were sent. */
  readonly status: number | null;
  /** ms. */
  readonly elapsed: number;
  readonly start: Date;
}

/** Returns the name of a request's file, without a folder, valid on any file system. */
export type FileNamer = (request: Omit<ServedRequest, 'path'>) => string;

export const DEFAULT_NAME = '{method}.{path}.{elapsed}ms.{time}.cpuprofile';

/** @param name a format, or a function. Throws PstatError (`query`) if the format has an unknown field. */
export function createNamer(name: string | ((request: ServedRequest) => string)): FileNamer {
  if (typeof name === 'function') return (request) => fitName(sanitize(String(name(addPath(request)))));
  for (const [, field = ''] of name.matchAll(FIELD)) {
    if (!Object.hasOwn(FIELDS, field)) throw unknownNameField(field, Object.keys(FIELDS));
  }
  return (request) => formatName(name, addPath(request));
}

const FIELD = /\{([^{}]*)\}/g;

const FIELDS: Readonly<Record<string, (request: ServedRequest) => string>> = {
  method: ({ method }) => method,
  path: ({ path }) => path,
  elapsed: ({ elapsed }) => String(Math.round(elapsed)).padStart(6, '0'),
  time: ({ start }) => String(Math.floor(start.getTime() / 1000)),
  status: ({ status }) => String(status ?? 'none'),
  pid: () => String(process.pid),
};

function addPath(request: Omit<ServedRequest, 'path'>): ServedRequest {
  return { ...request, path: toDottedPath(request.url) };
}

/** Truncates only the path if the name is too long, so that the other fields stay. */
function formatName(format: string, request: ServedRequest): string {
  const fill = (path: string) =>
    format.replace(FIELD, (_, field: string) => FIELDS[field]?.({ ...request, path }) ?? '');
  const whole = sanitize(fill(request.path));
  const excess = Buffer.byteLength(whole) + EXTENSION.length - MAX_LENGTH;
  if (excess <= 0) return fitName(whole);
  return fitName(sanitize(fill(truncate(request.path, Buffer.byteLength(request.path) - excess))));
}

/** Converts the path of a URL: `/a/b?c` becomes `a.b`. */
function toDottedPath(url: string): string {
  const segments = urlPath(url).split('/').map(decodeEscapes).map(sanitize);
  return segments.filter((segment) => segment !== '').join('.') || 'root';
}

/**
 * Makes the text safe as a part of a file name. Keeps letters, digits and a few other characters, and replaces the rest
 * by `_`: separators, control characters, white space, special characters of shells and systems, unpaired surrogates.
 * Removes repeated, leading and trailing dots.
 */
function sanitize(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}\p{M}._~@%+,=-]+/gu, '_')
    .replace(/\.{2,}/g, '.')
    .replace(/^[.-]+|\.+$/g, '');
}

const EXTENSION = '.cpuprofile';
/** Bytes. File systems allow 255, some a little less, and a number may be added. */
const MAX_LENGTH = 230;

/** Adds the extension, and truncates the name to the maximum length. */
function fitName(name: string): string {
  const stem = name.endsWith(EXTENSION) ? name.slice(0, -EXTENSION.length) : name;
  const fitting = truncate(stem, MAX_LENGTH - EXTENSION.length) || 'request';
  return `${RESERVED_NAMES.test(fitting) ? '_' : ''}${fitting}${EXTENSION}`;
}

/** Names of devices on Windows, with any extension (https://learn.microsoft.com/windows/win32/fileio/naming-a-file). */
const RESERVED_NAMES = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** Truncates the text to a number of bytes in UTF-8, including a final `~` that marks the truncation. */
function truncate(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  let kept = '';
  let length = 1;
  for (const character of text) {
    length += Buffer.byteLength(character);
    if (length > bytes) break;
    kept += character;
  }
  return `${kept}~`;
}
