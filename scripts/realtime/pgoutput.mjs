/** What pgoutput writes of inserted rows. */

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
