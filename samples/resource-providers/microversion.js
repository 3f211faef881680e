// Microversions: the client names the API version it speaks in a header, and handlers ask what it may see.
//
//   OpenStack-API-Version: placement 1.39
//   OpenStack-API-Version: compute 2.1, placement 1.14

import { HttpError } from './errors.js';

const SERVICE = 'placement';
const MIN = { major: 1, minor: 0 };
const MAX = { major: 1, minor: 39 };
const VERSION = /^(\d+)\.(\d+)$/;

export const VERSIONS = { min: toText(MIN), max: toText(MAX) };

export function toText({ major, minor }) {
  return `${major}.${minor}`;
}

export function parseVersion(text) {
  const match = VERSION.exec(text);
  if (!match) throw new HttpError(400, `invalid version string: ${text}`);
  return { major: Number(match[1]), minor: Number(match[2]) };
}

// The version that the request asks for; without a header, the oldest one.
export function requestedVersion(request) {
  const header = request.headers['openstack-api-version'];
  if (header === undefined) return MIN;
  for (const entry of header.split(',')) {
    const [service, version = ''] = entry.trim().split(/\s+/);
    if (service.toLowerCase() !== SERVICE) continue;
    return version === 'latest' ? MAX : parseVersion(version);
  }
  return MIN;
}

export function checkVersion(request) {
  const version = requestedVersion(request);
  if (version.major !== MAX.major || version.minor > MAX.minor) {
    throw new HttpError(406, `unacceptable version: ${toText(version)}`);
  }
  return version;
}

// True if the request speaks version `major.minor` or a newer one.
export function wantsVersion(request, major, minor) {
  const version = requestedVersion(request);
  return version.major > major || (version.major === major && version.minor >= minor);
}
