/** Rows as they were → in their tables again, under the columns of before, where nobody has changed them since. */
import { quoteIdentifier } from '../../database/quote.js';
import type { Session } from '../../database/with-session.js';
import type { Matched, Source } from './match-rows.js';
import { isInTheWay, type Obstacle, sayError } from './obstacle.js';
import type { Run } from './run.js';

export interface PutBack {
  readonly rows: number;
  readonly obstacles: readonly Obstacle[];
}

/** integrity_constraint_violation: another table's rows may have to be back first. */
const forbidden = /^23/;

export async function putBackRows(
  session: Session,
  run: Run,
  { matched, source }: { readonly matched: readonly Matched[]; readonly source: Source },
): Promise<PutBack> {
  let waiting = matched.filter(({ table }) => table.before !== null);
  let rows = 0;
  for (;;) {
    const obstacles: Obstacle[] = [];
    const still: Matched[] = [];
    for (const found of waiting) {
      const { table } = found;
      try {
        rows += await putBackInSomeOrder(session, run, { found, source });
      } catch (error: unknown) {
        if (error instanceof RowsLeft) {
          obstacles.push({ kind: 'statement', what: error.message });
          continue;
        }
        if (!isInTheWay(error)) throw error;
        if (!forbidden.test(error.code ?? '')) {
          obstacles.push({
            kind: 'statement',
            what: `rows of ${table.before?.relation}: ${sayError(error)}`,
          });
          continue;
        }
        still.push(found);
        obstacles.push({
          kind: 'row',
          what: `rows of ${table.before?.relation} cannot return: ${sayError(error)}`,
        });
      }
    }
    if (still.length === 0 || still.length === waiting.length) return { rows, obstacles };
    waiting = still;
  }
}

/** Something of the database's keeps a row from being written, and raises nothing. */
class RowsLeft extends Error {}

/** Which of a table's rows come first no list can say: one may hang on another, or bear a name that the other has still. */
async function putBackInSomeOrder(
  session: Session,
  run: Run,
  { found, source }: { readonly found: Matched; readonly source: Source },
): Promise<number> {
  const attempt = (isAddedFirst: boolean) =>
    run.orUndo(() => putBack(session, run, { found, source, isAddedFirst }));
  try {
    return await attempt(true);
  } catch (error: unknown) {
    if (!isInTheWay(error) || !forbidden.test(error.code ?? '')) throw error;
    return attempt(false);
  }
}

/**
 * A row that is there under its key is changed, one that is not is added; one that somebody has changed or deleted since is
 * left as it is.
 */
async function putBack(
  session: Session,
  run: Run,
  {
    found: { table, isReplaced },
    source,
    isAddedFirst,
  }: { readonly found: Matched; readonly source: Source; readonly isAddedFirst: boolean },
): Promise<number> {
  const { number, before, after, key } = table;
  if (before === null) return 0;
  const { relation, columns } = before;
  const names = columns.map(({ name }) => quoteIdentifier(name));
  const shape = `schema_fix_shape_${number}`;
  const old = `schema_fix_old_${number}`;
  await run(
    `create temporary table ${shape} on commit drop as select ${names.join(', ')} from only ${relation} where false`,
  );
  const fate =
    after === null || key.length === 0
      ? "'add'"
      : `coalesce((
             select case when m.place is null then 'leave' else '${isReplaced ? 'add' : 'change'}' end
             from pg_temp.schema_fix_match_${number} as m
             where m.is_of_run and m.key = r.key
             limit 1
         ), 'add')`;
  await run(
    `create temporary table ${old} on commit drop as
     select r.schema_fix_fate, (r.schema_fix_row).*
     from (
         select ${fate} as schema_fix_fate, r.content::pg_temp.${shape} as schema_fix_row
         from ${source} as r
         where r.table_number = ${number} and r.side = 'was'
         offset 0
     ) as r`,
  );
  const fixed = await listFixed(session, relation);
  const written = columns
    .filter(({ name }) => !fixed.generated.includes(name))
    .map(({ name }) => quoteIdentifier(name));
  const isKey = (name: string) => key.some((pair) => pair.before === name);
  const changed = written.filter((name) => !isKey(name) && !fixed.always.includes(name));
  const change = async () =>
    key.length === 0 || changed.length === 0
      ? 0
      : run(
          `update only ${relation} as t set ${changed.map((name) => `${name} = o.${name}`).join(', ')}
           from pg_temp.${old} as o
           where o.schema_fix_fate = 'change' and ${key.map((pair) => `t.${pair.before} = o.${pair.before}`).join(' and ')}`,
        );
  const add = () =>
    run(
      `insert into ${relation} (${written.join(', ')}) overriding system value
       select ${written.map((name) => `o.${name}`).join(', ')} from pg_temp.${old} as o where o.schema_fix_fate = 'add'`,
    );
  let rows = 0;
  for (const work of isAddedFirst ? [add, change] : [change, add]) rows += await work();
  const { rows: wanted } = await session.query<{ rows: string }>(
    `select count(*) as rows from pg_temp.${old} where schema_fix_fate <> 'leave'`,
  );
  if (rows !== Number(wanted[0]?.rows)) {
    throw new RowsLeft(`${wanted[0]?.rows} rows of ${relation} were to be put back, and ${rows} would be`);
  }
  return rows;
}

/** Quoted. `generated`: computed by the database. `always`: an identity that takes no other value. */
async function listFixed(
  session: Session,
  relation: string,
): Promise<{ readonly generated: readonly string[]; readonly always: readonly string[] }> {
  const { rows } = await session.query<{ name: string; is_generated: boolean }>(
    `select a.attname as name, a.attgenerated <> '' as is_generated
     from pg_catalog.pg_attribute as a
     where a.attrelid = pg_catalog.to_regclass($1) and (a.attgenerated <> '' or a.attidentity = 'a') and not a.attisdropped`,
    [relation],
  );
  return {
    generated: rows.filter((row) => row.is_generated).map(({ name }) => name),
    always: rows.filter((row) => !row.is_generated).map(({ name }) => quoteIdentifier(name)),
  };
}
