// GET /resource_providers and GET /resource_providers/{uuid}

import { HttpError } from '../errors.js';
import { serializeLinks } from '../links.js';
import { wantsVersion } from '../microversion.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function listResourceProviders(request) {
  const filters = readFilters(request);
  const providers = filters ? request.store.findProviders(filters) : [];
  return {
    body: serializeProviders(request, providers),
    headers: cacheHeaders(request, providers),
  };
}

export function showResourceProvider(request) {
  const provider = request.store.getProvider(request.params.uuid);
  if (!provider) throw new HttpError(404, `no resource provider with uuid ${request.params.uuid} found`);
  return {
    body: serializeProvider(request, provider),
    headers: cacheHeaders(request, [provider]),
  };
}

// The filters of the query string; null if they can match nothing.
function readFilters(request) {
  const filters = {};
  for (const [key, value] of request.query) {
    if (key === 'name') {
      filters.name = value;
    } else if (key === 'uuid') {
      filters.uuid = requireUuid(key, value);
    } else if (key === 'in_tree' && wantsVersion(request, 1, 14)) {
      filters.root = request.store.rootOf(requireUuid(key, value));
      if (filters.root === undefined) return null;
    } else {
      throw new HttpError(400, `unknown query parameter: ${key}`);
    }
  }
  return filters;
}

function requireUuid(key, value) {
  if (!UUID.test(value)) throw new HttpError(400, `the value of ${key} is not a uuid: ${value}`);
  return value;
}

function serializeProviders(request, providers) {
  const output = [];
  for (const provider of providers) output.push(serializeProvider(request, provider));
  return { resource_providers: output };
}

function serializeProvider(request, provider) {
  const data = {
    uuid: provider.uuid,
    name: provider.name,
    generation: provider.generation,
    links: serializeLinks(request, provider),
  };
  if (wantsVersion(request, 1, 14)) {
    data.parent_provider_uuid = provider.parentUuid;
    data.root_provider_uuid = provider.rootUuid;
  }
  return data;
}

function cacheHeaders(request, providers) {
  if (!wantsVersion(request, 1, 15)) return {};
  let newest = new Date(0);
  for (const provider of providers) {
    if (provider.updatedAt > newest) newest = provider.updatedAt;
  }
  if (providers.length === 0) newest = new Date();
  return { 'last-modified': newest.toUTCString(), 'cache-control': 'no-cache' };
}
