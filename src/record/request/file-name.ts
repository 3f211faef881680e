/** How the file of a request is called: after its method and URL, and safe whatever the URL holds. */

import { urlPath } from '../../base/url.ts';
import { unknownNameField } from './errors.ts';

/** A request that was served, as names are made of it. */
export interface ServedRequest {
  readonly method: string;
  /** As the client sent it. */
  readonly url: string;
  /** The path of the URL, decoded, with dots for slashes: `resource_providers.7.inventories`, or `root`. */
  readonly path: string;
  /** Null if no head of a response was sent. */
  readonly status: number | null;
  /** ms. */
  readonly elapsed: number;
  readonly start: Date;
}

/** A file's name, without a folder; it fits any file system. */
export type FileNamer = (request: Omit<ServedRequest, 'path'>) => string;

export const DEFAULT_NAME = '{method}.{path}.{elapsed}ms.{time}.cpuprofile';

/** @param name a format, or a function. Throws PstatError (`query`) for a format with a field that there is not. */
export function namer(name: string | ((request: ServedRequest) => string)): FileNamer {
  if (typeof name === 'function') return (request) => fitting(safe(String(name(withPath(request)))));
  for (const [, field = ''] of name.matchAll(FIELD)) {
    if (!Object.hasOwn(FIELDS, field)) throw unknownNameField(field, Object.keys(FIELDS));
  }
  return (request) => formatted(name, withPath(request));
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

function withPath(request: Omit<ServedRequest, 'path'>): ServedRequest {
  return { ...request, path: dottedPath(request.url) };
}

/** Only the path is cut when the whole is too long, so that the other fields stay. */
function formatted(format: string, request: ServedRequest): string {
  const fill = (path: string) =>
    format.replace(FIELD, (_, field: string) => FIELDS[field]?.({ ...request, path }) ?? '');
  const whole = safe(fill(request.path));
  const excess = Buffer.byteLength(whole) + EXTENSION.length - LONGEST;
  if (excess <= 0) return fitting(whole);
  return fitting(safe(fill(cutTo(request.path, Buffer.byteLength(request.path) - excess))));
}

/** `/a/b?c` is `a.b`. */
export function dottedPath(url: string): string {
  const segments = urlPath(url).split('/').map(decoded).map(safe);
  return segments.filter((segment) => segment !== '').join('.') || 'root';
}

/** As it is, where the escapes are not of UTF-8. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/**
 * The text as a part of a file's name: letters, digits and a few signs. Separators, control characters, blanks, what
 * shells and other systems read a meaning into, and unpaired surrogates become `_`; no dots stand together, in front or at the end.
 */
function safe(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}\p{M}._~@%+,=-]+/gu, '_')
    .replace(/\.{2,}/g, '.')
    .replace(/^[.-]+|\.+$/g, '');
}

const EXTENSION = '.cpuprofile';
/** Bytes; file systems take 255, some a little less, and a number may be added. */
const LONGEST = 230;

/** The name with the extension by which viewers know the format, no longer than a file system takes. */
function fitting(name: string): string {
  const stem = name.endsWith(EXTENSION) ? name.slice(0, -EXTENSION.length) : name;
  const cut = cutTo(stem, LONGEST - EXTENSION.length) || 'request';
  return `${RESERVED.test(cut) ? '_' : ''}${cut}${EXTENSION}`;
}

/** Devices of Windows, with any extension. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** The front of the text, of so many bytes of UTF-8 at most, with `~` where something is gone. */
function cutTo(text: string, bytes: number): string {
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
