// What is in the database when the server starts: 250 compute nodes, each a tree of four resource providers.
//
//   compute-0001          DISK_GB
//   compute-0001_numa0    VCPU, MEMORY_MB
//   compute-0001_numa1    VCPU, MEMORY_MB
//   compute-0001_nic0     SRIOV_NET_VF

import { createRandom } from './random.js';

const TREES = 250;
const AGGREGATES = 20;
const CONSUMERS_PER_TREE = 2;
const EPOCH = Date.UTC(2026, 0, 1);
const DAY = 86_400_000; // ms

const CLASSES = ['VCPU', 'MEMORY_MB', 'DISK_GB', 'SRIOV_NET_VF'];
const TRAITS = [
  'COMPUTE_NODE',
  'COMPUTE_STATUS_DISABLED',
  'COMPUTE_VOLUME_EXTEND',
  'HW_CPU_X86_AVX2',
  'HW_CPU_X86_SSE42',
  'HW_NIC_SRIOV',
  'HW_NUMA_ROOT',
  'STORAGE_DISK_SSD',
];

export function seed(database) {
  const random = createRandom(1552408596);
  database.transaction(() => {
    for (const name of CLASSES) database.run('INSERT INTO resource_classes (name) VALUES (?)', [name]);
    for (const name of TRAITS) database.run('INSERT INTO traits (name) VALUES (?)', [name]);
    for (let i = 0; i < AGGREGATES; i++) database.run('INSERT INTO aggregates (uuid) VALUES (?)', [random.uuid()]);
    for (let tree = 0; tree < TREES; tree++) {
      const ids = addTree(database, random, tree);
      for (let i = 0; i < CONSUMERS_PER_TREE; i++) addConsumer(database, random, ids);
    }
  });
}

function addTree(database, random, tree) {
  const name = `compute-${String(tree + 1).padStart(4, '0')}`;
  const root = tree * 4 + 1;
  const ids = { root, numas: [root + 1, root + 2], nic: root + 3 };
  const add = (id, suffix) => addProvider(database, random, { id, name: name + suffix, root });
  add(ids.root, '');
  ids.numas.forEach((id, i) => {
    add(id, `_numa${i}`);
  });
  add(ids.nic, '_nic0');

  addInventory(database, ids.root, 'DISK_GB', { total: 2000, reserved: 100 });
  for (const id of ids.numas) {
    addInventory(database, id, 'VCPU', { total: 16, max: 16, ratio: 4 });
    addInventory(database, id, 'MEMORY_MB', { total: 65_536, reserved: 512, step: 256, ratio: 1.5 });
  }
  addInventory(database, ids.nic, 'SRIOV_NET_VF', { total: 8, max: 1 });

  addTraits(database, ids.root, ['COMPUTE_NODE', random.below(2) ? 'STORAGE_DISK_SSD' : 'COMPUTE_VOLUME_EXTEND']);
  for (const id of ids.numas) addTraits(database, id, ['HW_CPU_X86_AVX2', 'HW_CPU_X86_SSE42', 'HW_NUMA_ROOT']);
  addTraits(database, ids.nic, ['HW_NIC_SRIOV']);
  addAggregates(database, root, [tree % AGGREGATES, (tree * 7 + 3) % AGGREGATES]);
  return ids;
}

function addProvider(database, random, { id, name, root }) {
  database.run(
    `INSERT INTO resource_providers (id, uuid, name, generation, root_provider_id, parent_provider_id, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    [id, random.uuid(), name, random.below(100), root, id === root ? null : root, EPOCH + random.below(DAY)],
  );
}

function addInventory(database, provider, name, { total, reserved = 0, max = total, step = 1, ratio = 1 }) {
  database.run(
    `INSERT INTO inventories (resource_provider_id, resource_class_id, total, reserved, min_unit, max_unit, step_size,
       allocation_ratio)
     SELECT ?, id, ?, ?, ?, ?, ?, ? FROM resource_classes WHERE name = ?`,
    [provider, total, reserved, step, max, step, ratio, name],
  );
}

function addTraits(database, provider, names) {
  for (const name of names) {
    database.run('INSERT INTO resource_provider_traits SELECT ?, id FROM traits WHERE name = ?', [provider, name]);
  }
}

function addAggregates(database, provider, indices) {
  for (const index of new Set(indices)) {
    database.run('INSERT INTO resource_provider_aggregates VALUES (?, ?)', [provider, index + 1]);
  }
}

function addConsumer(database, random, { root, numas }) {
  const numa = numas[random.below(numas.length)];
  database.run('INSERT INTO consumers (uuid, project_id, user_id, generation) VALUES (?, ?, ?, ?)', [
    random.uuid(),
    `project-${random.below(10)}`,
    `user-${random.below(50)}`,
    1,
  ]);
  const { id } = database.get('SELECT last_insert_rowid() AS id');
  const amounts = [
    [numa, 'VCPU', 1 + random.below(8)],
    [numa, 'MEMORY_MB', 256 * (1 + random.below(16))],
    [root, 'DISK_GB', 10 * (1 + random.below(5))],
  ];
  for (const [provider, name, used] of amounts) {
    database.run('INSERT INTO allocations SELECT ?, ?, id, ? FROM resource_classes WHERE name = ?', [
      id,
      provider,
      used,
      name,
    ]);
  }
}
