import { slow } from './slow.js';
var Kind;
(function (Kind) {
    Kind[Kind["A"] = 0] = "A";
    Kind[Kind["B"] = 1] = "B";
})(Kind || (Kind = {}));
export function makeRows(n) {
    const rows = [];
    for (let i = 0; i < n; i++)
        rows.push({ id: i, name: 'row' + i });
    return rows;
}
export class Table {
    rows;
    constructor(rows) {
        this.rows = rows;
    }
    sortAll() {
        return [...this.rows].sort((a, b) => (a.name < b.name ? -1 : 1));
    }
    get total() {
        return this.rows.reduce((sum, row) => sum + slow(row.id), 0);
    }
}
const serializeRow = (row) => {
    let text = '';
    for (let i = 0; i < 100; i++)
        text = JSON.stringify({ ...row, kind: Kind.A, text: text.length });
    return text;
};
function fib(n) {
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}
export function run() {
    const rows = makeRows(20000);
    const table = new Table(rows);
    for (let i = 0; i < 10; i++) {
        table.sortAll();
        table.total;
    }
    rows.slice(0, 2000).map(serializeRow);
    fib(30);
    console.log('done');
}
//# sourceMappingURL=work.js.map