/** Tables of a database → rows that they take, made up: tried until Postgres takes them. */
import { isDatabaseError } from '../database/database-error.js';
import { quoteIdentifier, quoteLiteral } from '../database/quote.js';
import type { Session } from '../database/with-session.js';
import { withSavepoint } from '../database/with-transaction.js';
import { listValues } from './make-up.js';
import { createTurning } from './next-values.js';
import { bare, type Column, type Key, listOf, type Refusal, type Row, type Table } from './there.js';

/** What the rows are made up for. */
export interface RowsAskedFor {
  /** All that keys may lead to. */
  readonly tables: readonly Table[];
  /** Whose a row is, in turn, where the table has a column for it. */
  readonly owners: ReadonlyMap<string, { readonly column: string; readonly subjects: readonly string[] }>;
}

export interface RowMaker extends RowsAskedFor {
  /** The rows that were made, by table: what later ones are keyed to. */
  readonly rows: Map<string, readonly Row[]>;
  /** The same in the order in which Postgres took them: keys may lead in a circle, and triggers act. */
  readonly made: Row[];
  /** By number and table, which of its values each column took, so that they are not looked for again. */
  readonly taken: Map<string, readonly number[]>;
  /** Whether the row says its primary key itself, also where Postgres would number it: somebody else will ask for it by that. */
  readonly isKeyGiven: boolean;
}

const mostTries = 400;

/** With those of the tables that its keys lead to. Returns what refused it, or null; in the open transaction. */
export async function makeRow(
  session: Session,
  table: Table,
  number: number,
  maker: RowMaker,
  above: readonly string[] = [],
): Promise<Refusal | null> {
  const needed = table.keys.filter(
    ({ columns, parent }) => parent !== table.name && columns.every((name) => needsValue(table, name, maker)),
  );
  const refuse = (message: string) => ({ table: table.name, message, constraint: null });
  for (const { parent: name } of needed) {
    const known = () => maker.rows.get(name)?.length ?? 0;
    // Of each a new one, so that a key to one alone is met; and as many as lead there: who follows whom are two.
    const alike = needed.filter(({ parent }) => parent === name).length;
    const numbers = maker.isKeyGiven ? [number] : known() < number ? [number] : [];
    for (let more = 1; more < alike; more += 1) numbers.push(number + more);
    for (const one of numbers) {
      if (known() >= (maker.isKeyGiven ? alike : Math.max(number, alike))) break;
      const parent = maker.tables.find((candidate) => candidate.name === name);
      if (parent === undefined) return refuse(`its key leads to ${name}`);
      if (above.includes(name)) return refuse(`its key leads back to itself, through ${name}`);
      const refusal = await makeRow(session, parent, one, maker, [...above, table.name]);
      if (refusal !== null) return refusal;
    }
  }
  return insert(session, table, number, maker);
}

async function insert(
  session: Session,
  table: Table,
  number: number,
  maker: RowMaker,
): Promise<Refusal | null> {
  const choices = table.columns
    .filter(
      (column) => !column.isGenerated || (maker.isKeyGiven && isOfKey(table, column) && column.isNumbered),
    )
    .map((column) => ({ column, values: choicesFor(table, column, number, maker), at: 0 }));
  const name = `${number} ${table.name}`;
  for (const [index, at] of (maker.taken.get(name) ?? []).entries()) {
    const choice = choices[index];
    if (choice !== undefined) choice.at = at;
  }
  const turnToNext = createTurning();
  let refusal: Refusal = { table: table.name, message: 'no row was taken', constraint: null };
  for (let tries = 0; tries < mostTries; tries += 1) {
    const chosen = choices.flatMap(({ column, values, at }) => {
      const value = values[at] ?? null;
      return value === null ? [] : [{ column, value }];
    });
    const isOverriding = chosen.some(({ column }) => column.isGenerated) ? ' overriding system value' : '';
    const statement =
      chosen.length === 0
        ? `insert into ${table.quoted} default values`
        : `insert into ${table.quoted} (${listOf(chosen.map(({ column }) => column.name))})${isOverriding}\nvalues (${chosen.map(({ value }) => quoteLiteral(value).trim()).join(', ')})`;
    try {
      const values = await withSavepoint(session, () => insertOne(session, table, statement));
      const row = { statement, values };
      maker.rows.set(table.name, [...(maker.rows.get(table.name) ?? []), row]);
      maker.made.push(row);
      maker.taken.set(
        name,
        choices.map(({ at }) => at),
      );
      return null;
    } catch (error: unknown) {
      if (!isDatabaseError(error)) throw error;
      refusal = { table: table.name, message: error.message, constraint: error.constraint ?? null };
      if (!turnToNext(choices, table, error)) return refusal;
    }
  }
  return refusal;
}

/** Returns the row as it is then. What is deferred is checked at once. */
async function insertOne(session: Session, { name }: Table, statement: string): Promise<Row['values']> {
  const { rows } = await session.query<{ row: Row['values'] }>(
    `${statement} returning (select pg_catalog.jsonb_object_agg(key, value) from pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(${quoteIdentifier(bare(name))}.*))) as row`,
  );
  await session.query('set constraints all immediate; set constraints all deferred');
  return rows[0]?.row ?? {};
}

function choicesFor(table: Table, column: Column, number: number, maker: RowMaker): (string | null)[] {
  const owner = maker.owners.get(table.name);
  const ofColumn = table.keys.filter(({ columns }) => columns.includes(column.name));
  const isNeeded = needsValue(table, column.name, maker);
  // Of several columns one null is enough, where nobody is there yet: then the others may be anything.
  const key = ofColumn.find((one) => !isNeeded || !isLeftOpen(one, table, maker));
  if (owner?.column === column.name && key === undefined) {
    return [owner.subjects[(number - 1) % owner.subjects.length] ?? null];
  }
  if (key !== undefined) return keyed(key, column, table, number, maker);
  const values = listValues(table, column, number);
  const isGiven = maker.isKeyGiven
    ? isOfKey(table, column)
    : !column.isNumbered && isKnownBy(table, column, maker);
  return isGiven ? values.filter((value) => value !== null) : values;
}

function keyed(key: Key, column: Column, table: Table, number: number, maker: RowMaker): (string | null)[] {
  const at = key.parentColumns[key.columns.indexOf(column.name)] ?? '';
  const found = (maker.rows.get(key.parent) ?? []).flatMap(({ values }) => values[at] ?? []);
  const from = maker.isKeyGiven ? found.length - 1 : (number - 1) % Math.max(1, found.length);
  const values = found.map((_, index) => found[(from + index) % found.length] as string);
  if (needsValue(table, column.name, maker)) {
    return key.parent === table.name
      ? listValues(table, { ...column, isFilled: false, isRequired: true }, number)
      : values;
  }
  // A membership of no room says nothing about who is let in.
  return [...values, null];
}

/** It leads to a table that may lead back, and has no row yet. */
function isLeftOpen({ columns, parent }: Key, table: Table, maker: RowMaker): boolean {
  return (
    parent !== table.name &&
    (maker.rows.get(parent) ?? []).length === 0 &&
    columns.some((name) => !needsValue(table, name, maker))
  );
}

/** Also where nothing asks for one, but it says whose the row is. */
function needsValue(table: Table, name: string, { owners, isKeyGiven }: RowMaker): boolean {
  const column = table.columns.find((one) => one.name === name);
  if (column === undefined) return false;
  const isOwner = owners.get(table.name)?.column === name;
  return (
    isOwner || (column.isRequired && !column.isFilled) || (isKeyGiven && table.primaryKey.includes(name))
  );
}

/** A default may be another value each time, and rows of other tables say which it was. */
function isKnownBy(table: Table, { name }: Column, { tables }: RowMaker): boolean {
  return (
    table.primaryKey.includes(name) ||
    tables.some(({ keys }) =>
      keys.some(({ parent, parentColumns }) => parent === table.name && parentColumns.includes(name)),
    )
  );
}

function isOfKey({ primaryKey }: Table, { name }: Column): boolean {
  return primaryKey.includes(name);
}
