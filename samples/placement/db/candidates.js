// Which trees have room for all that is asked, and which of their providers would give what.

import { HAS_ROOM, roomFor } from './room.js';

// Providers with room for one resource, in order of their trees.
const WITH_ROOM = `
  SELECT rp.uuid, rp.root_provider_id AS root
  FROM capacities AS inv
  JOIN resource_classes AS class ON class.id = inv.resource_class_id
  JOIN resource_providers AS rp ON rp.id = inv.resource_provider_id
  WHERE class.name = ? AND ${HAS_ROOM}
  ORDER BY rp.id`;

const SUMMARIES = `
  SELECT rp.uuid, root.uuid AS root_provider_uuid, parent.uuid AS parent_provider_uuid,
    class.name, inv.capacity, inv.used
  FROM capacities AS inv
  JOIN resource_classes AS class ON class.id = inv.resource_class_id
  JOIN resource_providers AS rp ON rp.id = inv.resource_provider_id
  JOIN resource_providers AS root ON root.id = rp.root_provider_id
  LEFT JOIN resource_providers AS parent ON parent.id = rp.parent_provider_id
  ORDER BY rp.id, class.id`;

// Each candidate is a list of [provider, resource class, amount].
export function findCandidates(database, resources, limit) {
  const byTree = [...resources].map(([name, amount]) => choicesByTree(database, name, amount));
  const trees = [...(byTree[0]?.keys() ?? [])].filter((tree) => byTree.every((choices) => choices.has(tree)));
  const candidates = [];
  for (const tree of trees) {
    for (const candidate of combinations(byTree.map((choices) => choices.get(tree)))) {
      if (candidates.length === limit) return candidates;
      candidates.push(candidate);
    }
  }
  return candidates;
}

function choicesByTree(database, name, amount) {
  const choices = new Map();
  for (const { uuid, root } of database.all(WITH_ROOM, [name, ...roomFor(amount)])) {
    if (!choices.has(root)) choices.set(root, []);
    choices.get(root).push([uuid, name, amount]);
  }
  return choices;
}

// One of each list, in all ways.
function combinations(lists) {
  return lists.reduce((partial, list) => partial.flatMap((chosen) => list.map((one) => [...chosen, one])), [[]]);
}

export function providerSummaries(database, uuids) {
  return database.all(SUMMARIES).filter(({ uuid }) => uuids.has(uuid));
}
