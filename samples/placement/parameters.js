// Reads what a client may send: each gives the value, or an HttpError 400 that says what is wrong.

import { HttpError } from './http-error.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function readUuid(name, text) {
  if (!UUID.test(text)) throw new HttpError(400, `${name} is not a uuid: ${text}`);
  return text;
}

export function readLimit(text) {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new HttpError(400, `limit is not a number above 0: ${text}`);
  return Number(text);
}

// `VCPU:2,MEMORY_MB:512`
export function readResources(database, text) {
  const pairs = text.split(',').map((pair) => {
    const match = /^([A-Z0-9_]+):([1-9]\d{0,8})$/.exec(pair);
    if (match === null) throw new HttpError(400, `resources must be like VCPU:2,MEMORY_MB:512, not ${text}`);
    return [match[1], Number(match[2])];
  });
  for (const [name] of pairs) checkClass(database, name);
  return new Map(pairs);
}

export function checkClass(database, name) {
  if (database.get('SELECT id FROM resource_classes WHERE name = ?', [name]) === undefined) {
    throw new HttpError(400, `no such resource class: ${name}`);
  }
}

// `uuid` or `in:uuid,uuid`: any of them
export function readAggregates(text) {
  const list = text.startsWith('in:') ? text.slice('in:'.length).split(',') : [text];
  return list.map((uuid) => readUuid('member_of', uuid));
}
