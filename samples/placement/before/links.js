// The links of a resource provider. The version that the client speaks decides which ones there are.

import { wantsVersion } from '../microversion.js';
import { providerUrl } from '../urls.js';

// Gives the function that a response calls once per row. Each call asks three times which version the client speaks,
// though the answer is the same for all rows: what meets the eye first in this code. Whether it is also worth changing
// is what a profile is for.
export function linkSerializer(request) {
  return function serializeLinks(provider) {
    const url = providerUrl(provider);
    const rels = ['inventories', 'usages'];
    if (wantsVersion(request, [1, 1])) rels.push('aggregates');
    if (wantsVersion(request, [1, 6])) rels.push('traits');
    if (wantsVersion(request, [1, 11])) rels.push('allocations');
    const links = [{ rel: 'self', href: url }];
    for (const rel of rels) links.push({ rel, href: `${url}/${rel}` });
    return links;
  };
}
