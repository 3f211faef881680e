// The links of one resource provider: where its inventories, usages and the rest are found.

import { wantsVersion } from './microversion.js';

export function providerUrl(provider) {
  return `/resource_providers/${provider.uuid}`;
}

// Called once per row of a response. Each call asks three times which version the client speaks, and each time
// the header is parsed anew, though the answer is the same for all rows: the first thing that meets the eye
// in this code. Whether it is also worth changing is what a profile is for.
export function serializeLinks(request, provider) {
  const url = providerUrl(provider);
  const rels = ['self', 'inventories', 'usages'];
  if (wantsVersion(request, 1, 1)) rels.push('aggregates');
  if (wantsVersion(request, 1, 6)) rels.push('traits');
  if (wantsVersion(request, 1, 11)) rels.push('allocations');
  return rels.map((rel) => ({ rel, href: rel === 'self' ? url : `${url}/${rel}` }));
}
