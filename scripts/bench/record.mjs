/** Work that speaks to Postgres → the statements it sent, on which connection, in order; and the same sent plainly. */
import pg from 'pg';

/** The work must use one connection at a time for each statement's turn: no two statements are under way together. */
export async function recordQueries(work) {
  const queries = [];
  const connect = pg.Client.prototype.connect;
  const query = pg.Client.prototype.query;
  const end = pg.Client.prototype.end;
  let clients = 0;
  pg.Client.prototype.connect = function (...parameters) {
    this.benchId = clients;
    clients += 1;
    queries.push({ kind: 'connect', client: this.benchId, database: this.database });
    return connect.apply(this, parameters);
  };
  pg.Client.prototype.query = function (config, values) {
    const text = typeof config === 'string' ? config : config.text;
    queries.push({ kind: 'query', client: this.benchId, text, values: values ?? config.values });
    return query.call(this, config, values);
  };
  pg.Client.prototype.end = function (...parameters) {
    queries.push({ kind: 'end', client: this.benchId });
    return end.apply(this, parameters);
  };
  try {
    const startedAt = performance.now();
    const result = await work();
    return { result, queries, milliseconds: performance.now() - startedAt };
  } finally {
    Object.assign(pg.Client.prototype, { connect, query, end });
  }
}

/** Milliseconds. An error is an answer like any other here: a refused step of a scenario is meant to raise one. */
export async function replay(connection, queries) {
  const clients = new Map();
  const startedAt = performance.now();
  for (const { kind, client, database, text, values } of queries) {
    if (kind === 'connect') {
      const opened = new pg.Client({ ...connection, database });
      clients.set(client, opened);
      await opened.connect();
    } else if (kind === 'end') {
      await clients.get(client).end();
    } else {
      await clients
        .get(client)
        .query(text, values)
        .catch(() => undefined);
    }
  }
  return performance.now() - startedAt;
}
