/** A large table of a target → some of its rows, from everywhere and of those who are tried; and after the fix the same rows again, by their key. */
import { isDatabaseError } from '../../database/database-error.js';
import { quoteIdentifier } from '../../database/quote.js';
import type { Session } from '../../database/with-session.js';
import { withSavepointRollback } from '../../database/with-transaction.js';
import type { Preserved } from '../../model.js';
import type { Observation } from './observation.js';
import type { Person } from './people.js';
import { nameOf, placeOf, type Relation, tableOf } from './relation.js';

/** A row as the deployer finds it: where it lies, and what it says. */
export interface Listed {
  readonly place: string;
  readonly told: string;
}

/** What is known of rows when they are looked for again. */
export interface Known {
  readonly before: Observation;
  readonly moves: readonly Pick<Preserved, 'from' | 'to'>[];
}

/** Rows of a table that are tried, from everywhere in it; and as many for each person and index. */
const mostRows = 200;
const mostRowsOfPerson = 2;
/** Pages of which they are taken. */
const pages = 100;
/** Rows that are looked for again. */
const mostFound = 1000;
/** Bytes of what is read: a row may be long. */
const mostBytes = 16 * 1024 * 1024;

export async function sampleRows(
  session: Session,
  relation: Relation,
  people: readonly Person[],
): Promise<Listed[]> {
  return usingIndexes(session, async () => {
    const everywhere = await placesEverywhere(session, relation);
    const own = await placesOfPeople(session, relation, people);
    return readPlaces(session, relation, [...new Set([...everywhere, ...own])]);
  });
}

async function placesEverywhere(session: Session, relation: Relation): Promise<string[]> {
  const table = tableOf(relation);
  const { rows: sizes } = await session.query<{ pages: string }>(
    `select pg_catalog.sum(pg_catalog.pg_relation_size(p.relid))
        / pg_catalog.current_setting('block_size')::bigint as pages
     from pg_catalog.pg_partition_tree($1::pg_catalog.regclass) as p where p.isleaf`,
    [table],
  );
  const all = Math.max(1, Number(sizes[0]?.pages ?? 1));
  const { rows } = await session.query<{ place: string }>(
    `select s.place
     from (
        select ${placeOf('t')} as place, pg_catalog.row_number() over (
            partition by t.tableoid, pg_catalog.split_part(t.ctid::pg_catalog.text, ',', 1)
        ) as rank
        from ${table} as t tablesample system (${Math.min(100, (100 * pages) / all)}) repeatable (7)
     ) as s
     where s.rank <= $1
     limit $2`,
    [Math.ceil(mostRows / Math.min(all, pages)), mostRows],
  );
  return rows.map(({ place }) => place);
}

/** Rows that name them, where an index finds these. */
async function placesOfPeople(
  session: Session,
  relation: Relation,
  people: readonly Person[],
): Promise<string[]> {
  const { rows: columns } = await session.query<{ name: string; type: string }>(
    `select distinct a.attname as name, pg_catalog.format_type(a.atttypid, null) as type
     from pg_catalog.pg_index as i
     inner join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
     inner join pg_catalog.pg_class as c on c.oid = i.indexrelid
     inner join pg_catalog.pg_am as m on m.oid = c.relam and m.amname = 'btree'
     where i.indrelid = $1::pg_catalog.regclass and i.indisvalid and i.indpred is null
     order by name`,
    [tableOf(relation)],
  );
  const places: string[] = [];
  for (const { name, type } of columns) {
    const names = people.map((person) => person.name).filter((one) => forms[type]?.test(one));
    if (names.length === 0) continue;
    const { rows } = await session.query<{ place: string }>(
      `select s.place
       from pg_catalog.unnest($1::pg_catalog.text[]) as p (name)
       cross join lateral (
           select ${placeOf('t')} as place from ${tableOf(relation)} as t
           where t.${quoteIdentifier(name)} = p.name::${type} limit ${mostRowsOfPerson}
       ) as s`,
      [names],
    );
    places.push(...rows.map(({ place }) => place));
  }
  return places;
}

/** Names that are values of a type. */
const forms: Readonly<Record<string, RegExp>> = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  integer: /^\d{1,9}$/,
  bigint: /^\d{1,18}$/,
  text: /^/,
  'character varying': /^/,
};

async function readPlaces(
  session: Session,
  relation: Relation,
  places: readonly string[],
): Promise<Listed[]> {
  const { rows } = await session.query<Listed>(
    `select r.place, r.told
     from (
        select s.*, pg_catalog.sum(pg_catalog.length(s.told)) over (order by s.place) as read
        from (
            select ${placeOf('t')} as place, (t.*)::pg_catalog.text as told from ${tableOf(relation)} as t
            where t.ctid = any($2::pg_catalog.tid[])
        ) as s
        where s.place = any($1::pg_catalog.text[])
     ) as r
     where r.read <= ${mostBytes}`,
    [places, places.map((place) => place.slice(place.indexOf('(')))],
  );
  return rows;
}

/** After the fix: the rows that were sampled here, and in the tables whose rows may be here now. */
export async function findRows(
  session: Session,
  relation: Relation,
  { before, moves }: Known,
): Promise<Listed[]> {
  const table = nameOf(relation);
  const sources = moves.filter(({ to }) => to.includes(table)).flatMap(({ from }) => from);
  const rows = [...new Set([table, ...sources])].flatMap((source) => before.sights.get(source)?.rows ?? []);
  const key = await readKey(session, relation);
  const ids = key.map(({ name }) => rows.map(({ values }) => values.get(name) ?? null));
  if (key.length === 0 || rows.length === 0) return [];
  const step = Math.max(1, Math.ceil(rows.length / mostFound));
  const chosen = ids.map((values) => values.filter((_, index) => index % step === 0));
  try {
    return await usingIndexes(session, async () => {
      const { rows: found } = await session.query<{ place: string }>(
        `select ${placeOf('t')} as place
         from (
            select distinct ${key.map(({ type }, index) => `u.k${index}::${type} as k${index}`).join(', ')}
            from rows from (${key.map((_, index) => `pg_catalog.unnest($${index + 1}::pg_catalog.text[])`).join(', ')})
                as u (${key.map((_, index) => `k${index}`).join(', ')})
         ) as s
         inner join ${tableOf(relation)} as t
             on ${key.map(({ name }, index) => `t.${quoteIdentifier(name)} = s.k${index}`).join(' and ')}`,
        chosen,
      );
      return readPlaces(
        session,
        relation,
        found.map(({ place }) => place),
      );
    });
  } catch (error: unknown) {
    if (isAnotherType(error)) return [];
    throw error;
  }
}

interface KeyColumn {
  readonly name: string;
  readonly type: string;
}

export async function readKey(session: Session, relation: Relation): Promise<KeyColumn[]> {
  const { rows } = await session.query<KeyColumn>(
    `select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type
     from pg_catalog.pg_index as i
     cross join pg_catalog.unnest(i.indkey::pg_catalog.int2[]) with ordinality as k (attnum, place)
     inner join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.attnum
     where i.indrelid = $1::pg_catalog.regclass and i.indisprimary
     order by k.place`,
    [tableOf(relation)],
  );
  return rows;
}

/** invalid_text_representation, invalid_datetime_format and the like: the key has another type now, which does not read the old values. */
const isAnotherType = (error: unknown): boolean => isDatabaseError(error) && /^22/.test(error.code ?? '');

/** Nobody waits for a whole table to be read, whatever its statistics say. */
async function usingIndexes<T>(session: Session, work: () => Promise<T>): Promise<T> {
  return withSavepointRollback(session, async () => {
    await session.query(
      `select pg_catalog.set_config(s.name, 'off', true)
       from pg_catalog.unnest(array['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin']) as s (name)`,
    );
    return work();
  });
}
