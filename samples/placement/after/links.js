// The links of a resource provider. The version that the client speaks decides which ones there are.

import { wantsVersion } from '../microversion.js';
import { providerUrl } from '../urls.js';

// Gives the function that a response calls once per row. What is the same for all rows is worked out here.
export function linkSerializer(request) {
  const rels = linkRels(request);
  return function serializeLinks(provider) {
    const url = providerUrl(provider);
    const links = [{ rel: 'self', href: url }];
    for (const rel of rels) links.push({ rel, href: `${url}/${rel}` });
    return links;
  };
}

function linkRels(request) {
  const rels = ['inventories', 'usages'];
  if (wantsVersion(request, [1, 1])) rels.push('aggregates');
  if (wantsVersion(request, [1, 6])) rels.push('traits');
  if (wantsVersion(request, [1, 11])) rels.push('allocations');
  return rels;
}
