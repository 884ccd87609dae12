/** What tables, views, indexes, sequences, types and columns were called before the fix, by their numbers → the statements that call them so again. */
import { quoteIdentifier } from '../../database/quote.js';
import type { Session } from '../../database/with-session.js';

export interface Named {
  /** `table`, `view`, `sequence`, `type` and the like, as `alter` takes it. */
  readonly kind: string;
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  /** By their numbers within the table. */
  readonly columns: Readonly<Record<string, string>>;
}

export async function readNames(session: Session): Promise<ReadonlyMap<string, Named>> {
  const { rows } = await session.query<Named>(
    `select
         case c.relkind when 'S' then 'sequence' when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table'
             when 'i' then 'index' when 'I' then 'index' else 'table' end as kind, c.oid::pg_catalog.text as oid,
         n.nspname as schema, c.relname as name,
         (
             select coalesce(pg_catalog.jsonb_object_agg(a.attnum, a.attname), '{}')
             from pg_catalog.pg_attribute as a
             where a.attrelid = c.oid and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
         ) as columns
     from pg_catalog.pg_class as c
     inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
     where
         c.relkind in ('r', 'p', 'S', 'v', 'm', 'f', 'i', 'I') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
         and n.nspname !~ '^pg_(toast_)?temp_'
     union all
     select 'type', t.oid::pg_catalog.text, n.nspname, t.typname, '{}'
     from pg_catalog.pg_type as t
     inner join pg_catalog.pg_namespace as n on t.typnamespace = n.oid
     where
         (
             t.typtype in ('e', 'd', 'r')
             or exists (select from pg_catalog.pg_class as c where c.oid = t.typrelid and c.relkind = 'c')
         )
         and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
         and n.nspname !~ '^pg_(toast_)?temp_'`,
  );
  return new Map(rows.map((row) => [`${row.kind} ${row.oid}`, row]));
}

/** A name that somebody else bears by now is taken from them first: what they are then called is theirs until they go. */
export function callAsBefore(
  before: ReadonlyMap<string, Named>,
  after: ReadonlyMap<string, Named>,
): string[] {
  const statements: string[] = [];
  const renamed = [...before].flatMap(([key, old]) => {
    const now = after.get(key);
    return now !== undefined && (now.name !== old.name || now.schema !== old.schema) ? [{ old, now }] : [];
  });
  const aside = (count: number) => `schema_fix_aside_${count}`;
  let count = 0;
  // Everybody steps aside before anybody takes a place: two may have swapped their names.
  for (const { now } of renamed) {
    count += 1;
    statements.push(alter(now.kind, now.schema, now.name, `rename to ${aside(count)}`));
  }
  for (const [key, other] of after) {
    const isRenamed = renamed.some(({ now }) => now === other);
    const isInTheWay = renamed.some(({ old }) => isCalledLike(old, other));
    const was = before.get(key);
    if (isRenamed || !isInTheWay || (was !== undefined && isCalledLike(was, other))) continue;
    count += 1;
    statements.push(alter(other.kind, other.schema, other.name, `rename to ${aside(count)}`));
  }
  for (const [index, { old, now }] of renamed.entries()) {
    const called = aside(index + 1);
    if (old.schema !== now.schema)
      statements.push(alter(now.kind, now.schema, called, `set schema ${quoteIdentifier(old.schema)}`));
    statements.push(alter(old.kind, old.schema, called, `rename to ${quoteIdentifier(old.name)}`));
  }
  for (const [key, old] of before) {
    const now = after.get(key);
    if (now !== undefined && old.kind === 'table') statements.push(...callColumns(old, now));
  }
  return statements;
}

const isCalledLike = (one: Named, other: Named) => one.schema === other.schema && one.name === other.name;

/** The table is called as before already. */
function callColumns(old: Named, now: Named): string[] {
  const renamed = Object.entries(old.columns).flatMap(([number, name]) => {
    const called = now.columns[number];
    return called !== undefined && called !== name ? [{ name, called }] : [];
  });
  const stepAside = Object.values(now.columns).filter((column) =>
    renamed.some(({ name, called }) => called === column || name === column),
  );
  const aside = new Map(stepAside.map((column, index) => [column, `schema_fix_aside_${index + 1}`]));
  const rename = (from: string, to: string) =>
    alter('table', old.schema, old.name, `rename column ${quoteIdentifier(from)} to ${quoteIdentifier(to)}`);
  return [
    ...[...aside].map(([column, name]) => rename(column, name)),
    ...renamed.map(({ name, called }) => rename(aside.get(called) ?? called, name)),
  ];
}

function alter(kind: string, schema: string, name: string, what: string): string {
  return `alter ${kind} ${quoteIdentifier(schema)}.${quoteIdentifier(name)} ${what}`;
}
