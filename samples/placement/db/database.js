// SQLite in memory, by sql.js: questions in, rows as objects out. Statements are prepared once and kept.

import { readFileSync } from 'node:fs';
import initSqlJs from 'sql.js';

export async function openDatabase() {
  const { Database } = await initSqlJs();
  const connection = new Connection(new Database());
  connection.script(readFileSync(new URL('schema.sql', import.meta.url), 'utf8'));
  return connection;
}

class Connection {
  #database;
  #statements = new Map();

  constructor(database) {
    this.#database = database;
  }

  script(sql) {
    this.#database.exec(sql);
  }

  all(sql, parameters = []) {
    const statement = this.#prepared(sql);
    statement.bind(parameters);
    const rows = [];
    while (statement.step()) rows.push(statement.getAsObject());
    statement.reset();
    return rows;
  }

  // The first row; undefined if there is none.
  get(sql, parameters) {
    return this.all(sql, parameters)[0];
  }

  run(sql, parameters) {
    this.#prepared(sql).run(parameters);
  }

  // All of the work, or nothing of it if it throws.
  transaction(work) {
    this.run('BEGIN');
    try {
      const result = work();
      this.run('COMMIT');
      return result;
    } catch (error) {
      this.run('ROLLBACK');
      throw error;
    }
  }

  #prepared(sql) {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
