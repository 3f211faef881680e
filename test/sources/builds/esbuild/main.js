// src/slow.ts
function slow(x) {
  let sum = 0;
  for (let i = 0; i < 200; i++) sum += Math.sqrt(x + i);
  return sum;
}

// src/work.ts
function makeRows(n) {
  const rows = [];
  for (let i = 0; i < n; i++) rows.push({ id: i, name: "row" + i });
  return rows;
}
var Table = class {
  rows;
  constructor(rows) {
    this.rows = rows;
  }
  sortAll() {
    return [...this.rows].sort((a, b) => a.name < b.name ? -1 : 1);
  }
  get total() {
    return this.rows.reduce((sum, row) => sum + slow(row.id), 0);
  }
};
var serializeRow = (row) => {
  let text = "";
  for (let i = 0; i < 100; i++) text = JSON.stringify({ ...row, kind: 0 /* A */, text: text.length });
  return text;
};
function fib(n) {
  return n < 2 ? n : fib(n - 1) + fib(n - 2);
}
function run() {
  const rows = makeRows(2e4);
  const table = new Table(rows);
  for (let i = 0; i < 10; i++) {
    table.sortAll();
    table.total;
  }
  rows.slice(0, 2e3).map(serializeRow);
  fib(30);
  console.log("done");
}

// src/main.ts
run();
//# sourceMappingURL=main.js.map
