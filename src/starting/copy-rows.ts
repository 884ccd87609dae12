/** A database that was loaded → its rows, or a sample of them, as statements that insert them, and those that say how far its sequences are. */
import { chooseRows } from '../copying/choose-rows.js';
import { type LiveTable, listRows } from '../copying/list-tables.js';
import type { Live } from '../copying/open-live.js';
import { readPositions } from '../copying/read-sequences.js';
import { quoteLiteral } from '../database/quote.js';

export interface CopiedRows {
  readonly inserts: readonly string[];
  readonly positions: readonly string[];
}

/** In no order that keys ask for. Of the host's tables only what the rows are keyed to, and of an account nothing that says who it is. */
export async function copyRows(
  live: Live,
  { rows, hostSchemas }: { readonly rows: 'all' | number; readonly hostSchemas: readonly string[] },
): Promise<CopiedRows> {
  const found = await listRows(live, hostSchemas);
  const chosen = rows === 'all' ? null : await chooseRows(live.session, found, rows);
  const inserts: string[] = [];
  for (const table of found.tables) {
    const places = chosen === null ? null : [...(chosen.get(table.oid) ?? [])];
    for (const insert of await listInserts(live, table, places)) inserts.push(insert);
  }
  return { inserts, positions: await readPositions(live.session, hostSchemas) };
}

/** `places`: which of its rows; null: all. */
async function listInserts(
  { session }: Live,
  { name, columns, isHost }: LiveTable,
  places: readonly string[] | null,
): Promise<string[]> {
  const texts = columns.map((column) => `${column}::pg_catalog.text`);
  const { rows } = await session.query<{ values: (string | null)[] }>(
    `select array[${texts.join(', ')}] as values from only ${name} where $1::tid[] is null or ctid = any ($1::tid[])`,
    [places],
  );
  const into = `insert into ${name} (${columns.join(', ')}) overriding system value`;
  // The platform may have made it.
  const unlessThere = isHost ? '\non conflict do nothing' : '';
  return rows.map(({ values }) => `${into}\nvalues (${values.map(writeValue).join(', ')})${unlessThere}`);
}

/** A carriage return is written as an escape: the ends of a file's lines are read as `\n`, wherever they stand. */
function writeValue(value: string | null): string {
  if (value === null) return 'null';
  const literal = quoteLiteral(value).trim();
  if (!literal.includes('\r')) return literal;
  return `${literal.startsWith('E') ? '' : 'E'}${literal.replaceAll('\r', '\\r')}`;
}
