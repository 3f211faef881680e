/** Recognizes the segments of a path that identify one thing, so that they are no part of the route. */

import { decodeEscapes } from '../base/url.ts';

/** The placeholder for a segment that identifies one thing; null for a segment that belongs to the route. */
export function placeholderFor(segment: string): string | null {
  if (segment.length > MAX_LENGTH) return '{id}';
  const text = decodeEscapes(segment);
  if (/^[\da-f]{8}-?(?:[\da-f]{4}-?){3}[\da-f]{12}$/i.test(text)) return '{uuid}';
  if (isId(text)) return '{id}';
  // Rails and others name the format: 42.json
  const [, name, extension] = /^(.+)(\.[a-z][a-z\d]{1,4})$/.exec(text) ?? [];
  return name !== undefined && isId(name) ? `{id}${extension}` : null;
}

/** Nobody writes a route by hand with segments this long. */
const MAX_LENGTH = 200;

function isId(text: string): boolean {
  return (
    /^[+-]?\d+(?:[-:,]\d+)*$/.test(text) || // numbers, dates, telephone numbers
    /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-][\d:]+)?$/.test(text) || // times
    /^-?\d+\.\d+,-?\d+\.\d+$/.test(text) || // latitude and longitude
    /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) || // IPv4; 1.0 is a version
    /^(?:[\da-f]{0,4}:){2,}[\da-f]{0,4}$/i.test(text) || // IPv6, MAC
    /^(?:[\da-f]{2}-){5}[\da-f]{2}$/i.test(text) || // MAC
    /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) || // e-mail
    /^[0-7][\da-hjkmnp-tv-z]{25}$/i.test(text) || // ULID
    /^(?=\D*\d)[\da-f]{16,}$/i.test(text) || // hashes and object ids
    /^eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?$/.test(text) || // JSON web tokens
    /^[A-Z][A-Z\d]*(?:-[A-Z\d]+)*-\d{2,}$/.test(text) || // PROJ-123, ORD-2026-00017
    /^\d{4,}-[a-z]|[a-z]-\d{5,}$/.test(text) || // 12345-a-title, a-title-12345
    isPrefixedId(text) ||
    isRandomText(text)
  );
}

/** `cus_NffrFeUfNV2Hib`, `order_12345`. */
function isPrefixedId(text: string): boolean {
  const [, rest] = /^[a-z][a-z\d]{0,15}(?:_[a-z]{1,15})?_([\dA-Za-z]+)$/.exec(text) ?? [];
  if (rest === undefined) return false;
  if (/^\d+$/.test(rest)) return rest.length >= 4;
  return rest.length >= 8 && (isId(rest) || (/\d/.test(rest) && changesIn(rest) >= 0.4 * rest.length));
}

/**
 * Words change rarely between capitals, small letters and digits, random text often: nanoid `V1StGXR8_Z5jdHi6B-myT`,
 * YouTube's `dQw4w9WgXcQ`, and without capitals cuid `cjld2cjxh0000qzrmn831i7rn` and short hashes `3f2a9bc`.
 */
function isRandomText(text: string): boolean {
  const changes = changesIn(text);
  const digits = text.replace(/\D/g, '').length;
  if (/^(?:[a-z\d]{6,}|[A-Z\d]{6,})$/.test(text) && digits >= 3 && changes >= 0.5 * text.length) return true;
  if (!/^[\w-]{10,}$/.test(text)) return false;
  if (/[a-z]/.test(text) && /[A-Z]/.test(text)) {
    const isShort = text.length < 16;
    return changes >= (isShort && digits < 2 ? 0.6 : 0.45) * text.length;
  }
  return text.length >= 16 && digits >= 3 && changes >= 5 && /^[a-z\d]+$/i.test(text);
}

/** How often the kind of the character changes. */
function changesIn(text: string): number {
  let changes = 0;
  for (let i = 1; i < text.length; i++) if (kindOf(text[i - 1] ?? '') !== kindOf(text[i] ?? '')) changes++;
  return changes;
}

function kindOf(character: string): number {
  return [/\d/, /[a-z]/, /[A-Z]/].findIndex((kind) => kind.test(character));
}
