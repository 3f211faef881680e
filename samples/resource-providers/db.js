// The store: resource providers in memory, in trees of ten (a compute node and its nine children).

const TREE_SIZE = 10;
const EPOCH = Date.UTC(2026, 0, 1);

export const TRAITS = [
  'COMPUTE_NODE',
  'COMPUTE_STATUS_DISABLED',
  'COMPUTE_VOLUME_EXTEND',
  'HW_CPU_X86_AVX2',
  'HW_CPU_X86_SSE42',
  'HW_NIC_SRIOV',
  'HW_NUMA_ROOT',
  'MISC_SHARES_VIA_AGGREGATE',
  'STORAGE_DISK_SSD',
];

// A generator with a fixed seed (mulberry32), so that every run serves the same bytes.
function createRandom(seed) {
  let state = seed;
  return function random() {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}

function createUuid(random) {
  const word = () => random().toString(16).padStart(8, '0');
  const hex = word() + word() + word() + word();
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

export function createStore(size) {
  const random = createRandom(1552408596);
  const rows = [];
  let root;
  for (let i = 0; i < size; i++) {
    const uuid = createUuid(random);
    const node = String(Math.floor(i / TREE_SIZE) + 1).padStart(4, '0');
    const child = i % TREE_SIZE;
    if (child === 0) root = uuid;
    rows.push({
      uuid,
      name: child === 0 ? `compute-${node}` : `compute-${node}_numa${child - 1}`,
      generation: random() % 100,
      parentUuid: child === 0 ? null : root,
      rootUuid: root,
      updatedAt: EPOCH + (random() % 86_400_000),
    });
  }
  const byUuid = new Map(rows.map((row) => [row.uuid, row]));

  return {
    // Rows are copied on the way out, as a database would.
    getProvider(uuid) {
      const row = byUuid.get(uuid);
      return row && toProvider(row);
    },

    findProviders(filters) {
      const found = [];
      for (const row of rows) {
        if (matches(row, filters)) found.push(toProvider(row));
      }
      return found;
    },

    // The root of the tree that a provider stands in; undefined if there is no such provider.
    rootOf(uuid) {
      return byUuid.get(uuid)?.rootUuid;
    },
  };
}

function matches(row, { name, uuid, root }) {
  if (name !== undefined && row.name !== name) return false;
  if (uuid !== undefined && row.uuid !== uuid) return false;
  if (root !== undefined && row.rootUuid !== root) return false;
  return true;
}

function toProvider(row) {
  return { ...row, updatedAt: new Date(row.updatedAt) };
}
