// From a request to a response: routing, the small handlers, errors.

import { TRAITS } from './db.js';
import { HttpError } from './errors.js';
import { listResourceProviders, showResourceProvider } from './handlers/resource_providers.js';
import { checkVersion, requestedVersion, toText, VERSIONS, wantsVersion } from './microversion.js';

const encoder = new TextEncoder();

const ROUTES = [
  { path: /^\/$/, handle: showVersions },
  { path: /^\/resource_providers$/, handle: listResourceProviders },
  { path: /^\/resource_providers\/(?<uuid>[^/]+)$/, handle: showResourceProvider },
  { path: /^\/traits$/, handle: listTraits },
];

export function createHandler(store) {
  return function handler(incoming, response) {
    try {
      const request = readRequest(incoming, store);
      checkVersion(request);
      const { body, headers } = dispatch(request);
      send(response, 200, body, { ...headers, ...versionHeaders(request) });
    } catch (error) {
      sendError(response, error);
    }
  };
}

function readRequest(incoming, store) {
  const url = new URL(incoming.url, 'http://localhost');
  return {
    method: incoming.method,
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    params: {},
    store,
  };
}

function dispatch(request) {
  for (const { path, handle } of ROUTES) {
    const match = path.exec(request.path);
    if (!match) continue;
    if (request.method !== 'GET') throw new HttpError(405, `${request.method} is not allowed here`);
    request.params = match.groups ?? {};
    return handle(request);
  }
  throw new HttpError(404, 'the resource could not be found');
}

function showVersions() {
  const links = [{ rel: 'self', href: '' }];
  const version = { id: 'v1.0', min_version: VERSIONS.min, max_version: VERSIONS.max, status: 'CURRENT', links };
  return { body: { versions: [version] } };
}

function listTraits(request) {
  if (!wantsVersion(request, 1, 6)) throw new HttpError(404, 'the resource could not be found');
  return { body: { traits: TRAITS } };
}

function versionHeaders(request) {
  return {
    'openstack-api-version': `placement ${toText(requestedVersion(request))}`,
    vary: 'openstack-api-version',
  };
}

function send(response, status, body, headers = {}) {
  const bytes = encodeJson(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': bytes.length,
    ...headers,
  });
  response.end(bytes);
}

function encodeJson(body) {
  return encoder.encode(JSON.stringify(body));
}

function sendError(response, error) {
  const status = error instanceof HttpError ? error.status : 500;
  if (status === 500) console.error(error);
  send(response, status, { errors: [{ status, title: error.message }] });
}
