/** A table's columns → the SQL by which somebody writes a row of it as an application does. */
import { quoteIdentifier, quoteLiteral } from '../../database/quote.js';
import type { Way } from './try-writes.js';

export interface Column {
  readonly name: string;
  readonly number: number;
  readonly type: string;
  /** As `pg_type.typcategory` has it. */
  readonly category: string;
  readonly isComputed: boolean;
  readonly hasDefault: boolean;
  readonly isCounted: boolean;
  readonly isUnique: boolean;
  readonly isForeign: boolean;
}

export interface Writable {
  readonly table: string;
  readonly oid: string;
  readonly columns: readonly Column[];
  /** The columns of each unique index. */
  readonly keys: readonly (readonly string[])[];
}

/** How a row may be added, the strictest first: returned and twice, with values of its own; at last in the place of the one it is made after. */
export const additions = [
  { returns: true, times: 2, takesPlace: false },
  { returns: false, times: 2, takesPlace: false },
  { returns: true, times: 1, takesPlace: false },
  { returns: false, times: 1, takesPlace: false },
  { returns: true, times: 1, takesPlace: true },
  { returns: false, times: 1, takesPlace: true },
] as const;

export interface Adding {
  readonly returns: boolean;
  /** A column that can be read. */
  readonly returned: string | null;
  readonly times: number;
  readonly takesPlace: boolean;
}

/** What whoever adds a row has to say of it. */
export const isSent = (
  { name, isComputed, isCounted, isUnique, hasDefault }: Column,
  mayAdd: readonly string[],
): boolean => mayAdd.includes(name) && !isComputed && !isCounted && !(isUnique && hasDefault);

/** Kinds of values of which another can be made up. */
export const hasOthers = ({ category }: Column): boolean => ['S', 'D', 'B', 'N'].includes(category);

/** `schema.table`, quoted; a name with a dot in it is found in no list of tables. */
export const relationOf = ({ table }: Pick<Writable, 'table'>): string => {
  const at = table.indexOf('.');
  return `${quoteIdentifier(table.slice(0, at))}.${quoteIdentifier(table.slice(at + 1))}`;
};

const place = '(t.tableoid::pg_catalog.oid::pg_catalog.text || t.ctid::pg_catalog.text)';

export function addition(
  table: Writable,
  sent: readonly Column[],
  { returns, returned, times, takesPlace }: Adding,
): Way {
  const relation = relationOf(table);
  const names = sent.map(({ name }) => quoteIdentifier(name));
  const own = takesPlace ? [] : ownValues(table, sent);
  const read = table.columns.map((column) =>
    own.includes(column) ? anotherOf(relation, column) : `t.${quoteIdentifier(column.name)}`,
  );
  return {
    prepare: `select ${read.join(', ')} from ${relation} as t where ${place} = $1`,
    first: takesPlace ? `delete from ${relation} as t where ${place} = $1` : null,
    statement: `insert into ${relation} (${names.join(', ')}) select ${names.map((name) => `($1).${name}`).join(', ')}${
      returns && returned !== null ? ` returning ${quoteIdentifier(returned)}` : ''
    }`,
    times,
    ...countOf(relation, sent),
  };
}

/** Times that the server gives, as it does of `updated_at`, are what somebody expects there. */
function countOf(relation: string, sent: readonly Column[], among = ''): Pick<Way, 'sent' | 'count'> {
  const counts = sent.map(({ name, type, category }) => {
    const column = quoteIdentifier(name);
    const isNow =
      category === 'D'
        ? ` or t.${column} between pg_catalog.now()::${type} and pg_catalog.clock_timestamp()::${type}`
        : '';
    return `pg_catalog.count(*) filter (where t.${column}::pg_catalog.text is not distinct from ($1).${column}::pg_catalog.text${isNow})`;
  });
  return {
    sent: sent.map(({ name }) => name),
    count: `select array[${counts.join(', ')}]::bigint[] from ${relation} as t where pg_catalog.age(t.xmin) <= pg_catalog.age(pg_catalog.pg_current_xact_id()::pg_catalog.xid)${among}`,
  };
}

/** One column of each key that is sent whole: what a row is told by, rather than whose it is. */
function ownValues(table: Writable, sent: readonly Column[]): Column[] {
  const relation = relationOf(table);
  const chosen: Column[] = [];
  const rank = ({ type, category }: Column) => (type === 'uuid' ? 4 : 'SDN'.indexOf(category));
  for (const names of table.keys) {
    const columns = names.flatMap((name) => sent.find((one) => one.name === name) ?? []);
    if (columns.length < names.length || columns.some((one) => chosen.includes(one))) continue;
    const [best] = columns
      .reverse()
      .filter((one) => !one.isForeign && anotherOf(relation, one) !== null)
      .sort((one, other) => rank(one) - rank(other));
    if (best !== undefined) chosen.push(best);
  }
  return chosen;
}

/** A value that no row has, or null. */
function anotherOf(relation: string, { name, type, category }: Column): string | null {
  const column = quoteIdentifier(name);
  if (category === 'S')
    return `(pg_catalog.substr(pg_catalog.md5(pg_catalog.random()::text), 1, 6) || t.${column})::${type}`;
  if (type === 'uuid') return 'pg_catalog.gen_random_uuid()';
  if (category === 'N') return `(select pg_catalog.max(x.${column}) + 1 from ${relation} as x)::${type}`;
  return category === 'D' && type !== 'time without time zone'
    ? `(select pg_catalog.max(x.${column}) + interval '1 day' from ${relation} as x)::${type}`
    : null;
}

/** What another row says there, and what none says. */
export function changesOf(table: Writable, column: Column, donor: string | null): Way[] {
  const relation = relationOf(table);
  const name = quoteIdentifier(column.name);
  const made: Readonly<Record<string, string>> = {
    S: `coalesce(t.${name}, '') || 'x'`,
    D: 'pg_catalog.now()',
    B: `not coalesce(t.${name}, false)`,
    N: `coalesce(t.${name}, 0) + 1`,
  };
  const values = [
    ...(donor === null
      ? []
      : [`(select t.${name} from ${relation} as t where ${place} = ${quoteLiteral(donor)})`]),
    `(${made[column.category]})::${column.type}`,
  ];
  return values.map((value) => ({
    prepare: `select ${table.columns.map((one) => (one.name === column.name ? value : `t.${quoteIdentifier(one.name)}`)).join(', ')} from ${relation} as t where ${place} = $1`,
    first: null,
    statement: `update ${relation} as t set ${name} = ($1).${name} where ${place} = $2`,
    times: 1,
    ...countOf(relation, [column], ` and ${place} <> $2`),
  }));
}
