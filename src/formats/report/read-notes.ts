/** The notes of a report, which are checked as all data of a file. */

import { type FieldKind, NOTE_FIELDS, type ProfileNote, type SingleNote } from '../../model/notes.ts';
import { brokenReport } from '../errors.ts';
import { isObject, type JsonObject, listAt, numberAt, objectAt } from '../json.ts';

/** Reads notes, also those that are texts, as reports had them before. Throws PstatError (`malformed`). */
export function readNotes(value: unknown): ProfileNote[] {
  return listAt(value, 'profile.notes').map(readNote);
}

function readNote(value: unknown): ProfileNote {
  if (!isObject(value) || value['code'] !== 'notes-of-files') return readSingleNote(value);
  const [count, of] = [readNumber(value['count']), readNumber(value['of'])];
  return { code: 'notes-of-files', count, of, first: readSingleNote(value['first']) };
}

function readSingleNote(value: unknown): SingleNote {
  if (typeof value === 'string') return { code: 'text', text: value };
  const note = objectAt(value, 'a note');
  const { code, source } = note;
  if (typeof code !== 'string' || !isKnown(code))
    throw brokenReport('has a note that this version of pstat does not know');
  const fields = Object.entries(NOTE_FIELDS[code]).map(([name, kind]) => [name, readField(note, name, kind)]);
  return { code, ...Object.fromEntries(fields), ...(source === undefined ? {} : { source: readText(source) }) };
}

function isKnown(code: string): code is keyof typeof NOTE_FIELDS {
  return Object.hasOwn(NOTE_FIELDS, code);
}

function readField(note: JsonObject, name: string, kind: FieldKind): unknown {
  const value = note[name];
  switch (kind) {
    case 'text':
      return readText(value);
    case 'texts':
      return listAt(value, name).map(readText);
    case 'number':
      return readNumber(value);
    case 'numbers':
      return listAt(value, name).map(readNumber);
    default:
      if (kind.includes(readText(value))) return value;
      throw brokenReport(`has a note with an unknown ${name}`);
  }
}

function readText(value: unknown): string {
  if (typeof value === 'string') return value;
  throw brokenReport('has a note with a wrong text');
}

/** JSON writes NaN as null. */
function readNumber(value: unknown): number {
  return value === null ? Number.NaN : numberAt(value, 'a number of a note');
}
