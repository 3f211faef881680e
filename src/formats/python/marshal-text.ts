/** Decodes marshal's texts: of Python 2 and 3, and UTF-8 with lone surrogates. */

import { asBuffer } from '../../base/bytes.ts';

export function latin1(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('latin1');
}

/** Decodes a Python 2 string, which is bytes: as UTF-8 if valid, else as Latin-1. */
export function byteString(bytes: Uint8Array): string {
  return strictUtf8(bytes) ?? latin1(bytes);
}

/** Decodes UTF-8 that may hold lone surrogates, three bytes each (`surrogatepass`); returns null for other bytes. */
export function python3Text(bytes: Uint8Array): string | null {
  const whole = strictUtf8(bytes);
  if (whole !== null) return whole;
  const parts = latin1(bytes)
    .split(/(\xed[\xa0-\xbf][\x80-\xbf])/)
    .map((part, i) => {
      const raw = Buffer.from(part, 'latin1');
      return i % 2 === 1 ? surrogate(raw) : strictUtf8(raw);
    });
  return parts.includes(null) ? null : parts.join('');
}

function surrogate([, high = 0, low = 0]: Uint8Array): string {
  return String.fromCharCode(0xd000 | ((high & 0x3f) << 6) | (low & 0x3f));
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function strictUtf8(bytes: Uint8Array): string | null {
  try {
    return UTF8.decode(bytes);
  } catch {
    return null;
  }
}
