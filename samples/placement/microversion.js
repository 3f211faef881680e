// Microversions: the client names the API version it speaks in a header, and handlers ask what it may see.
//
//   OpenStack-API-Version: placement 1.39
//   OpenStack-API-Version: compute 2.1, placement 1.14

import { HttpError } from './http-error.js';

const SERVICE = 'placement';
const VERSION = /^(\d+)\.(\d+)$/;

export const OLDEST = [1, 0];
export const NEWEST = [1, 39];

// The version that the request asks for; without a header, the oldest one.
export function requestedVersion(request) {
  for (const entry of (request.headers['openstack-api-version'] ?? '').split(',')) {
    const [service, version = ''] = entry.trim().split(/\s+/);
    if (service.toLowerCase() === SERVICE) return version === 'latest' ? NEWEST : parseVersion(version);
  }
  return OLDEST;
}

function parseVersion(text) {
  const match = VERSION.exec(text);
  if (match === null) throw new HttpError(400, `invalid version string: ${text}`);
  return [Number(match[1]), Number(match[2])];
}

// True if the request speaks that version or a newer one.
export function wantsVersion(request, [major, minor]) {
  const [wantedMajor, wantedMinor] = requestedVersion(request);
  return wantedMajor > major || (wantedMajor === major && wantedMinor >= minor);
}

// A route or a parameter that came with that version is not there for older clients.
export function requireVersion(request, version) {
  if (!wantsVersion(request, version)) throw new HttpError(404, 'the resource could not be found');
}

export function checkVersion(request) {
  const [major, minor] = requestedVersion(request);
  if (major !== NEWEST[0] || minor > NEWEST[1]) throw new HttpError(406, `unacceptable version: ${major}.${minor}`);
}
