/** What pgoutput writes of inserted rows, and how a person speaks to the database through the data API. */
import { createHash } from 'node:crypto';

/** As the states name people and rooms: `md5('ann')::uuid`. */
export function personId(name) {
  const hash = createHash('md5').update(name).digest('hex');
  return hash.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** With their role and claims; what the work wrote is kept. */
export async function become(session, name, work) {
  const claims = JSON.stringify({ sub: personId(name), role: 'authenticated' });
  await session.query('begin');
  try {
    await session.query(
      "select pg_catalog.set_config('request.jwt.claims', $1, true), pg_catalog.set_config('role', 'authenticated', true)",
      [claims],
    );
    const result = await work();
    await session.query('commit');
    return result;
  } catch (error) {
    await session.query('rollback');
    throw error;
  }
}

export function addressOf({ host, port, user, password, database }) {
  return `postgres://${user}:${encodeURIComponent(password ?? '')}@localhost:${port}/${database}?host=${encodeURIComponent(host)}&sslmode=disable`;
}

/** Messages of protocol 1: a relation says names, an insert says values. */
export async function readInserts(session, slot) {
  const { rows } = await session.query(
    `select data from pg_catalog.pg_logical_slot_get_binary_changes(
        $1, null, null, 'proto_version', '1', 'publication_names', 'supabase_realtime')`,
    [slot],
  );
  const relations = new Map();
  const inserts = [];
  for (const { data } of rows) {
    const kind = String.fromCharCode(data[0]);
    if (kind === 'R') {
      const { id, ...relation } = readRelation(data);
      relations.set(id, relation);
    }
    if (kind === 'I') inserts.push(readInsert(data, relations));
  }
  return inserts;
}

function readRelation(data) {
  const id = data.readUInt32BE(1);
  let at = 5;
  const text = () => {
    const end = data.indexOf(0, at);
    const value = data.toString('utf8', at, end);
    at = end + 1;
    return value;
  };
  const name = `${text()}.${text()}`;
  at += 1;
  const columns = [];
  const count = data.readUInt16BE(at);
  at += 2;
  for (let column = 0; column < count; column += 1) {
    at += 1;
    columns.push(text());
    at += 8;
  }
  return { id, name, columns };
}

function readInsert(data, relations) {
  const relation = relations.get(data.readUInt32BE(1));
  // After the relation: N, then how many columns.
  let at = 6;
  const count = data.readUInt16BE(at);
  at += 2;
  const values = {};
  for (let column = 0; column < count; column += 1) {
    const kind = String.fromCharCode(data[at]);
    at += 1;
    if (kind !== 't') continue;
    const length = data.readUInt32BE(at);
    values[relation.columns[column]] = data.toString('utf8', at + 4, at + 4 + length);
    at += 4 + length;
  }
  return { relation: relation.name, values };
}
