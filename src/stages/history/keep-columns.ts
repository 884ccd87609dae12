/** Columns that the deployment added, about to go → what is in them, kept beside the key of its row where only the owner reads it. */
import { counted } from '../../counted.js';
import { quoteIdentifier, quoteLiteral } from '../../database/quote.js';
import type { Session } from '../../database/with-session.js';
import { rowOf, textOf } from './note-rows.js';
import type { Step } from './plan-way-back.js';
import { inHistory } from './remarks.js';
import type { Run } from './run.js';

/** Returns what was kept, a sentence for each table. */
export async function keepColumns(
  session: Session,
  run: Run,
  steps: readonly Step[],
  deployment: string,
): Promise<string[]> {
  const gone = steps.filter(({ phase }) => phase === 'shape').flatMap(({ destroys }) => destroys);
  const tables = new Set(
    gone.filter(({ kind }) => kind === 'table').map(({ schema, name }) => JSON.stringify([schema, name])),
  );
  const byTable = new Map<string, string[]>();
  for (const { kind, schema, table, name } of gone) {
    const id = JSON.stringify([schema, table]);
    if (kind !== 'column' || tables.has(id)) continue;
    byTable.set(id, [...(byTable.get(id) ?? []), name]);
  }
  const kept: string[] = [];
  for (const [id, columns] of byTable) {
    const [schema, table] = JSON.parse(id) as [string, string];
    const relation = `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
    const { rows } = await session.query<{ name: string }>(
      `select a.attname as name
       from pg_catalog.pg_index as i
       inner join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
       where i.indrelid = $1::pg_catalog.regclass and i.indisprimary
       order by a.attnum`,
      [relation],
    );
    const key = rows.length === 0 ? 't.ctid::text' : rowOf(rows);
    const count = await run(
      `insert into schema_fix_history.kept (run, source_table, key, row_data)
       select ${deployment}, ${quoteLiteral(`${schema}.${table}`)}, ${key},
           pg_catalog.jsonb_object(
               array[${columns.map(quoteLiteral).join(', ')}]::text[], array[${columns.map(textOf).join(', ')}]::text[]
           )
       from only ${relation} as t
       where ${columns.map((name) => `t.${quoteIdentifier(name)} is not null`).join(' or ')}`,
    );
    if (count > 0)
      kept.push(
        `what ${counted(count, `row of ${schema}.${table} says`, `rows of ${schema}.${table} say`)} in ${columns.join(', ')}, ${inHistory}`,
      );
  }
  return kept;
}
