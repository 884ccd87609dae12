/** Views that the fix made again, or what they ask, before and after → columns in which rows say what they did not, a sentence each. */
import { counted } from '../../counted.js';
import { isDatabaseError } from '../../database/database-error.js';
import type { Session } from '../../database/with-session.js';
import { withSavepointRollback } from '../../database/with-transaction.js';
import type { Preserved } from '../../model.js';
import { type Declared, declaredIn, thoseThatDeclare } from '../preservation/declared-names.js';
import type { Observation, Row, Sight } from './observation.js';
import { type Kinship, normalise, wordOf } from './recognise-rows.js';
import { isTable, isView } from './relation.js';

export interface ViewRows {
  readonly before: Observation;
  readonly after: Observation;
  readonly kinship: Kinship;
  /** How often rows are repeated in each view; null: not on a target. */
  readonly repeats: Readonly<Record<'before' | 'after', Repeats>> | null;
  /** Names of the views. */
  readonly remade: ReadonlySet<string>;
  readonly preserve: readonly Preserved[];
  readonly declared: Declared;
}

export interface ToldOfViews {
  readonly reasons: readonly string[];
  /** What `changes` declares of them, as it is written there. */
  readonly declared: readonly string[];
}

/** Rows of a view of which another says the same. */
export type Repeats = ReadonlyMap<string, number>;

/** Of those that some role beside the owner may read, as the deployer reads them. */
export async function countRepeats(session: Session): Promise<Repeats> {
  const { rows: views } = await session.query<{ name: string; relation: string }>(
    `select n.nspname || '.' || c.relname as name, pg_catalog.format('%I.%I', n.nspname, c.relname) as relation
     from pg_catalog.pg_class as c
     inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
     where
         c.relkind in ('v', 'm') and c.relacl is not null and n.nspname not in ('pg_catalog', 'information_schema')
         and pg_catalog.has_schema_privilege(n.oid, 'usage') and pg_catalog.has_table_privilege(c.oid, 'select')`,
  );
  const repeats = new Map<string, number>();
  for (const { name, relation } of views) {
    try {
      const { rows } = await withSavepointRollback(session, () =>
        session.query<{ repeated: number }>(
          `select (count(*) - count(distinct row(schema_fix_row.*)::pg_catalog.text))::int as repeated from ${relation} as schema_fix_row`,
        ),
      );
      repeats.set(name, rows[0]?.repeated ?? 0);
    } catch (error: unknown) {
      // Who reads it is told so.
      if (!isDatabaseError(error)) throw error;
    }
  }
  return repeats;
}

/** What a manifest writes to let it be. */
const nameOfRows = (view: string): string => `rows of ${view}`;
const nameOfValues = (column: string, view: string): string => `values of ${column} on ${view}`;

export function compareViewRows({
  before,
  after,
  kinship,
  remade,
  preserve,
  declared,
  repeats,
}: ViewRows): ToldOfViews {
  const isDeclared = declaredIn(declared);
  // Of what is a table now, the rows are known by what they were in tables.
  const compared = [...before.sights.values()].filter((sight) => {
    const now = after.sights.get(sight.table);
    return remade.has(sight.table) && isView(sight) && now !== undefined && isView(now);
  });
  // It takes every value of every row.
  const became = compared.length === 0 ? new Map() : listBecome(before, after, { kinship, preserve });
  const found = compared.flatMap((sight) => {
    const images = kinship.images.get(sight.table) ?? [];
    return sight.columns.flatMap((column) => {
      const differing = images.filter((image, row) => {
        const now = image.find(({ table }) => table === sight.table);
        if (now === undefined) return false;
        const is = rowOf(after, now.table, now.row);
        return is?.values.has(column) && !isSame(sight.rows[row], is, column, became);
      });
      return differing.length === 0 ? [] : [{ column, count: differing.length, sight }];
    });
  });
  const repeated = [...(repeats?.after ?? [])].flatMap(([view, now]) => {
    const then = repeats?.before.get(view);
    return remade.has(view) && then !== undefined && now > then ? [{ view, more: now - then }] : [];
  });
  const names = found.map(({ column, sight }) => nameOfValues(column, sight.table));
  return {
    reasons: [
      ...found
        .filter((_, index) => !isDeclared(names[index] ?? ''))
        .map(({ column, count, sight }) => tell(column, count, sight)),
      ...repeated
        .filter(({ view }) => !isDeclared(nameOfRows(view)))
        .map(
          ({ view, more }) =>
            `${view} is another view now, or asks what is another, and shows ${counted(more, 'row')} once more: have it show each as often as it did, or declare ${nameOfRows(view)} under changes of bundle.yml`,
        ),
    ],
    declared: thoseThatDeclare(declared, [...names, ...repeated.map(({ view }) => nameOfRows(view))]),
  };
}

const tell = (column: string, count: number, { table, rows }: Sight): string =>
  `${table} is another view now, or asks what is another, and ${column} says otherwise in ${count} of ${rows.length} rows that were read: have it say what it said, or declare ${nameOfValues(column, table)} under changes of bundle.yml`;

function isSame(
  was: Row | undefined,
  is: Row,
  column: string,
  became: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  const [then, now] = [was, is].map((row) => keyOf(row?.values.get(column) ?? null)) as [string, string];
  return then === now || (became.get(then)?.has(now) ?? false);
}

/** A number, a time and an id are the same however they are written; nothing is one value of its own. */
function keyOf(value: string | null): string {
  if (value === null) return 'null';
  const number = /^-?\d+(\.\d+)?$/.test(value) ? value.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '') : null;
  return `= ${number ?? normalise(value)}`;
}

/** What values of tables are now, which other proofs have looked into. */
function listBecome(
  before: Observation,
  after: Observation,
  { kinship, preserve }: Pick<ViewRows, 'kinship' | 'preserve'>,
): Map<string, Set<string>> {
  const became = new Map<string, Set<string>>();
  const add = (was: string | null, is: string | null): void => {
    const key = keyOf(was);
    became.set(key, (became.get(key) ?? new Set()).add(keyOf(is)));
  };
  for (const sight of [...before.sights.values()].filter(isTable)) {
    const facts = preserve.filter(({ from }) => from.includes(sight.table)).flatMap((kind) => kind.facts);
    for (const [row, images] of (kinship.images.get(sight.table) ?? []).entries()) {
      const was = sight.rows[row];
      for (const { table, row: image } of images) {
        const is = rowOf(after, table, image);
        if (was === undefined || is === undefined) continue;
        for (const [column, value] of was.values)
          if (is.values.has(column)) add(value, is.values.get(column) ?? null);
        for (const fact of facts) add(wordOf(was, fact), wordOf(is, fact));
      }
    }
  }
  return became;
}

const rowOf = ({ sights }: Observation, table: string, row: number): Row | undefined =>
  sights.get(table)?.rows[row];
