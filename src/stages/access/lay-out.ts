/** What was observed → temporary tables that the rules of a bundle ask. */
import type { Session } from '../../database/with-session.js';
import type { AccessVerb } from '../../model.js';
import { isUnknown, type Observation } from './observation.js';
import { verbs } from './relation.js';

/** As a rule writes it, `(0,1)`, without the table's number that tells partitions apart; a view's rows are numbered. */
export const rowName = (place: string | null, row: number): string =>
  place === null ? `#${row}` : place.slice(place.indexOf('('));

interface Possible {
  readonly person: string;
  readonly source: string;
  /** null where it is not known: the database answered with an error. */
  readonly row: string | null;
  readonly verb: AccessVerb;
  readonly is_known: boolean;
}

/** What the rules may ask: who the people are, what each could do, what views showed, and which rows were tried. */
export async function layOut(session: Session, { people, sights }: Observation): Promise<void> {
  await session.query(
    `create temporary table people (person text, role text, kind text, claims jsonb, session jsonb) on commit drop;
     create temporary table possible (
         person text, source text, "row" text, verb text, is_known boolean,
         tid tid generated always as (case when "row" like '(%' then "row"::tid end) stored
     ) on commit drop;
     create temporary table shown (source text, "row" text, said jsonb) on commit drop;
     create temporary table looked_at (
         source text, "row" text, tid tid generated always as (case when "row" like '(%' then "row"::tid end) stored
     ) on commit drop`,
  );
  await insert(
    session,
    'people',
    ['text', 'text', 'text', 'jsonb', 'jsonb'],
    [
      people.map(({ name }) => name),
      people.map(({ role }) => role),
      people.map(({ kind }) => kind),
      people.map(({ settings }) => settings['request.jwt.claims'] ?? '{}'),
      people.map(({ settings: { search_path: _, 'request.jwt.claims': __, ...session } }) =>
        JSON.stringify(session),
      ),
    ],
  );
  const possible: Possible[] = [...sights.values()].flatMap(({ table, rows, abilities }) =>
    people.flatMap(({ name }, index) =>
      verbs.flatMap((verb): Possible[] => {
        const ability = abilities[index]?.[verb] ?? new Set<number>();
        if (isUnknown(ability)) return [{ person: name, source: table, row: null, verb, is_known: false }];
        return [...ability].map((row) => ({
          person: name,
          source: table,
          row: rowName(rows[row]?.place ?? null, row),
          verb,
          is_known: true,
        }));
      }),
    ),
  );
  await insert(
    session,
    'possible (person, source, "row", verb, is_known)',
    ['text', 'text', 'text', 'text', 'bool'],
    [
      possible.map(({ person }) => person),
      possible.map(({ source }) => source),
      possible.map(({ row }) => row),
      possible.map(({ verb }) => verb),
      possible.map(({ is_known }) => is_known),
    ],
  );
  const lookedAt = [...sights.values()].flatMap(({ table, rows }) =>
    rows.map(({ place }, row) => ({ table, row: rowName(place, row) })),
  );
  await insert(
    session,
    'looked_at (source, "row")',
    ['text', 'text'],
    [lookedAt.map(({ table }) => table), lookedAt.map(({ row }) => row)],
  );
  const shown = [...sights.values()].flatMap(({ table, rows }) =>
    rows.flatMap(({ place, values }, row) =>
      place === null ? [{ table, row: rowName(place, row), values }] : [],
    ),
  );
  await insert(
    session,
    'shown',
    ['text', 'text', 'jsonb'],
    [
      shown.map(({ table }) => table),
      shown.map(({ row }) => row),
      shown.map(({ values }) => JSON.stringify(Object.fromEntries(values))),
    ],
  );
}

/** An array for each column: read as JSON, many rows take several times as long. */
async function insert(
  session: Session,
  target: string,
  types: readonly string[],
  columns: readonly (readonly unknown[])[],
): Promise<void> {
  const arrays = types.map((type, index) => `pg_catalog.unnest($${index + 1}::pg_catalog.${type}[])`);
  await session.query(`insert into pg_temp.${target} select * from rows from (${arrays.join(', ')})`, [
    ...columns,
  ]);
}
