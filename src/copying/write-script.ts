/** What was found in a database → the script that makes another like it, piece by piece: what pg_dump would have written. */
import { readRows } from '../database/read-rows.js';
import type { RowsOfBefore } from '../model.js';
import { chooseRows } from './choose-rows.js';
import { type LiveTable, listRows } from './list-tables.js';
import { type Live, orSay } from './open-live.js';
import type { SchemaPlan } from './plan-schema.js';
import { readPositions } from './read-sequences.js';

export async function* writeScript(
  live: Live,
  plan: SchemaPlan,
  { rows, hostSchemas }: { readonly rows: RowsOfBefore; readonly hostSchemas: readonly string[] },
): AsyncGenerator<string> {
  // As in a dump: whatever is named is named in full.
  yield "set search_path = '';\n";
  yield toText(plan.early);
  if (rows !== 'none') {
    // Keys lead wherever they led; no trigger greets what it greeted long ago.
    yield 'set session_replication_role = replica;\n';
    yield* writeRows(live, rows, hostSchemas);
    yield 'set session_replication_role = origin;\n';
    yield toText(await orSay(live.name, () => readPositions(live.session, hostSchemas)));
    yield toText(plan.refreshes);
  }
  yield toText(plan.late);
}

function toText(statements: readonly string[]): string {
  return statements.map((text) => `${text};\n`).join('');
}

async function* writeRows(
  live: Live,
  rows: 'all' | number,
  hostSchemas: readonly string[],
): AsyncGenerator<string> {
  const found = await orSay(live.name, () => listRows(live, hostSchemas));
  if (rows === 'all') {
    await live.session.query('set local statement_timeout = 0');
    for (const table of found.tables) {
      yield* copyOut(live, table, `copy ${table.name} (${table.columns.join(', ')}) to stdout`);
    }
    return;
  }
  const chosen = await orSay(live.name, () => chooseRows(live.session, found, rows));
  for (const table of found.tables) {
    const places = [...(chosen.get(table.oid) ?? [])];
    if (places.length === 0) continue;
    const array = `{${places.map((place) => `"${place}"`).join(',')}}`;
    const query = `select ${table.columns.join(', ')} from only ${table.name} where ctid = any ('${array}'::tid[])`;
    yield* copyOut(live, table, `copy (${query}) to stdout`);
  }
}

/** For a database of somebody's: what is keyed comes before its keys, since only a superuser may load it in any order. */
export async function* writeWhole(
  live: Live,
  plan: SchemaPlan,
  { tables, hostSchemas }: { readonly tables: readonly LiveTable[]; readonly hostSchemas: readonly string[] },
): AsyncGenerator<string> {
  yield "set search_path = '';\n";
  yield toText(plan.early.filter((text) => !isForeignKey(text)));
  yield* writeTables(live, tables);
  yield toText(await orSay(live.name, () => readPositions(live.session, hostSchemas)));
  yield toText(plan.early.filter(isForeignKey));
  yield toText(plan.refreshes);
  yield toText(plan.late);
}

/** All rows of each, and nothing but rows. */
export async function* writeTables(live: Live, tables: readonly LiveTable[]): AsyncGenerator<string> {
  for (const table of tables) {
    yield* copyOut(
      live,
      table,
      `copy (select ${table.columns.join(', ')} from only ${table.name}) to stdout`,
    );
  }
}

/** Of the statements that make a schema. */
export function isForeignKey(statement: string): boolean {
  return /^alter\s+table\s.*\sadd\s+constraint\s.*\bforeign\s+key\b/is.test(statement);
}

async function* copyOut(live: Live, { name, columns }: LiveTable, statement: string): AsyncGenerator<string> {
  yield `copy ${name} (${columns.join(', ')}) from stdin;\n`;
  const rows = readRows(live.session, statement);
  try {
    for (;;) {
      const next = await orSay(live.name, () => rows.next());
      if (next.done === true) break;
      yield next.value;
    }
  } finally {
    await rows.return(undefined);
  }
  yield '\\.\n';
}
