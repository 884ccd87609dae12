/** What was recorded of a deployment → the database as it was before it, in the open transaction, or what stands in the way. */
import { counted } from '../../counted.js';
import { readDefinitions } from '../../database/fingerprint.js';
import type { Session } from '../../database/with-session.js';
import { withPlainText } from '../preservation/with-plain-text.js';
import { compareWithBefore, findDrift, wantedBy } from './compare-with-before.js';
import { withoutHistory } from './history-schema.js';
import { keepColumns } from './keep-columns.js';
import { detachTable, listOwn, shutTable } from './keep-table.js';
import { findReplaced, type Matched, matchRows, type Source } from './match-rows.js';
import type { WayBack } from './note-deployment.js';
import { type Choices, describeRefused, isInTheWay, type Obstacle, sayError } from './obstacle.js';
import type { Step } from './plan-way-back.js';
import { putBackRows } from './put-back-rows.js';
import type { Recorded } from './read-record.js';
import { type Run, startRunning } from './run.js';
import { runLate } from './run-late.js';
import { runShape } from './run-shape.js';
import { nameOf, takeOutRows } from './take-out-rows.js';
import { withEveryRow } from './with-every-row.js';
import { withTriggersAside } from './with-triggers-aside.js';

export interface RolledBack {
  /** Empty: it is done. Otherwise the caller rolls the transaction back. */
  readonly obstacles: readonly Obstacle[];
  /** What stays of the deployment, and why. */
  readonly kept: readonly string[];
  readonly rows: { readonly putBack: number; readonly takenOut: number };
  /** Definitions that are not as they were, and are told in `kept`. */
  readonly exempt: readonly string[];
  /** Names under which the fingerprint tells of relations that stay. */
  readonly own: readonly string[];
  /** Everything that was run, in its order. */
  readonly statements: readonly string[];
  /** Definitions of everything but the engine's own, before it and after it. */
  readonly start: ReadonlyMap<string, string>;
  readonly end: ReadonlyMap<string, string>;
}

export async function rollBack(
  session: Session,
  { id, way }: Pick<Recorded, 'id' | 'way'>,
  choices: Choices,
): Promise<RolledBack> {
  const { run, statements } = startRunning(session);
  await run('set local check_function_bodies = off');
  const source = `(select * from schema_fix_history.rows where run = ${id})`;
  return withPlainText(session, () => carryOut(session, way, { id, source, choices, statements, run }));
}

interface Work {
  /** The number of the deployment. */
  readonly id: string;
  readonly source: Source;
  readonly choices: Choices;
  readonly statements: readonly string[];
  readonly run: Run;
}

async function carryOut(session: Session, way: WayBack, work: Work): Promise<RolledBack> {
  const { source, choices, statements, run } = work;
  const start = withoutHistory(await readDefinitions(session));
  await lockTables(session, run, way);
  const { matched, obstacles } = await withEveryRow(
    session,
    run,
    way.tables.flatMap(({ after }) => after?.relation ?? []),
    () => matchRows(session, run, { tables: way.tables, source }),
  );
  const found = [
    ...way.obstacles.map((what): Obstacle => ({ kind: 'known', what })),
    ...findDrift(way, start),
    ...obstacles,
    ...findChanged(matched, choices),
  ];
  if (found.length > 0) return refused(found, start);

  const held = matched.filter(
    ({ table, oid, others, changed }) => table.before === null && oid !== null && others + changed > 0,
  );
  const unnamed = await runSteps(run, way.steps, 'names');
  if (unnamed !== null) return refused([unnamed], start);
  for (const { oid } of held) {
    for (const sql of await detachTable(session, oid ?? '')) await run(sql);
    for (const sql of await shutTable(session, oid ?? '')) await run(sql);
  }
  const keyed = await runSteps(run, way.steps, 'keys', await keysLeft(session));
  if (keyed !== null) return refused([keyed], start);
  const replaced = await findReplaced(session, matched);
  const own: string[] = [];
  for (const { oid } of held) own.push(...(await listOwn(session, oid ?? '')));
  const wanted = wantedBy(way, start);
  const done = await withTriggersAside(session, run, { matched, wanted }, () =>
    exchange(session, way, { ...work, matched: replaced, held }),
  );
  if (done.obstacles.length > 0) return refused(done.obstacles, start);
  const end = withoutHistory(await readDefinitions(session));
  const differing = compareWithBefore(way, { start, end }, { own, exempt: done.exempt });
  if (differing.length > 0) {
    const parted = await listPartedIndexes(session);
    return refused(
      differing.map((what) => ({
        kind: 'statement',
        what: `${what} would not be what it was${parted.has(what) ? notAttached : ''}`,
      })),
      start,
    );
  }
  const { kept, rows, exempt } = done;
  return { obstacles: [], kept, rows, exempt, own, statements, start, end };
}

const notAttached =
  ': indexes of partitioned tables and of their partitions are not always made again as they were. Call or make it by hand as it was, and roll back again';

/** As the fingerprint names them. */
async function listPartedIndexes(session: Session): Promise<ReadonlySet<string>> {
  const { rows } = await session.query<{ name: string }>(
    `select pg_catalog.format('index %I.%I', n.nspname, c.relname) as name
     from pg_catalog.pg_index as i
     inner join pg_catalog.pg_class as c on i.indexrelid = c.oid
     inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
     inner join pg_catalog.pg_class as t on i.indrelid = t.oid
     where t.relkind = 'p' or t.relispartition`,
  );
  return new Set(rows.map(({ name }) => name));
}

function refused(obstacles: readonly Obstacle[], start: ReadonlyMap<string, string>): RolledBack {
  const rows = { putBack: 0, takenOut: 0 };
  return { obstacles, kept: [], rows, exempt: [], own: [], statements: [], start, end: start };
}

type Exchanged = Pick<RolledBack, 'obstacles' | 'kept' | 'rows' | 'exempt'>;

/** Rows of the deployment out, the shape of before, and its rows in. */
async function exchange(
  session: Session,
  way: WayBack,
  {
    id,
    source,
    choices,
    run,
    matched,
    held,
  }: Work & { readonly matched: readonly Matched[]; readonly held: readonly Matched[] },
): Promise<Exchanged> {
  const rows = { putBack: 0, takenOut: 0 };
  const failed = (obstacles: readonly Obstacle[]): Exchanged => ({ obstacles, kept: [], rows, exempt: [] });
  const taken = await takeOutRows(session, run, { matched, source, keeps: choices.keepsNewRows });
  if (taken.obstacles.length > 0) return failed(taken.obstacles);
  await settleKeys(run);
  const columns = await keepColumns(session, run, way.steps, id);
  const shape = await runShape(session, run, {
    steps: way.steps,
    held: await namesOf(session, held),
    matched,
  });
  if (shape.obstacles.length > 0) return failed(shape.obstacles);
  const back = await putBackRows(session, run, { matched, source });
  if (back.obstacles.length > 0) return failed(back.obstacles);
  const unsettled = await settleKeys(run);
  if (unsettled !== null) return failed([unsettled]);
  for (const sql of shape.after) await run(sql);
  const late = await runLate(run, way, choices);
  const tables = held.map(
    ({ table, others, changed }) =>
      `the table ${table.after?.relation}, which nobody but its owner reaches: ${others} of its rows were written or changed since${changed === 0 ? '' : `, and ${changed} of the deployment's are no more what they were`}`,
  );
  return {
    obstacles: late.obstacles,
    kept: [...tables, ...columns, ...shape.kept, ...late.kept],
    rows: { putBack: back.rows, takenOut: taken.rows },
    exempt: late.exempt,
  };
}

/**
 * A table for which something still waits for the commit cannot be altered. Returns what cannot be settled: as long as rows
 * are not back, that goes on waiting, and where its table is altered, Postgres says so.
 */
async function settleKeys(run: Run): Promise<Obstacle | null> {
  try {
    await run.orUndo(async () => {
      await run('set constraints all immediate');
      await run('set constraints all deferred');
    });
    return null;
  } catch (error: unknown) {
    if (!isInTheWay(error)) throw error;
    return { kind: 'row', what: `rows of before cannot return: ${sayError(error)}` };
  }
}

/** Everybody else is kept out until the transaction ends: what is found is what is changed. */
async function lockTables(session: Session, run: Run, way: WayBack): Promise<void> {
  const relations = way.tables.flatMap(({ after }) => after?.relation ?? []).sort();
  const { rows } = await session.query<{ name: string }>(
    `select w.name from pg_catalog.unnest($1::text[]) as w (name)
     where exists (
         select from pg_catalog.pg_class as c inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
         where pg_catalog.format('%I.%I', n.nspname, c.relname) = w.name and c.relkind = 'r'
     )`,
    [relations],
  );
  for (const { name } of rows) await run(`lock table only ${name} in access exclusive mode`);
}

function findChanged(matched: readonly Matched[], { keepsNewRows }: Choices): Obstacle[] {
  return matched.flatMap(({ table, changed }): Obstacle[] => {
    if (changed === 0) return [];
    const what = `${counted(changed, 'row')} of ${table.after?.relation}, written by the deployment, changed or deleted since`;
    if (table.before !== null && table.key.length === 0)
      return [{ kind: 'known', what: `${what}, and without a primary key nobody knows which they were` }];
    return keepsNewRows ? [] : [{ kind: 'row', what }];
  });
}

/** The first that the server refuses is in the way; null: none is. */
async function runSteps(
  run: Run,
  steps: readonly Step[],
  phase: 'names' | 'keys',
  isLeft: (step: Step) => boolean = () => true,
): Promise<Obstacle | null> {
  for (const step of steps) {
    if (step.phase !== phase || !isLeft(step)) continue;
    try {
      await run.orUndo(() => run(step.sql));
    } catch (error: unknown) {
      if (!isInTheWay(error)) throw error;
      return describeRefused(step.sql, error);
    }
  }
  return null;
}

/** One to a table that stays is gone already. */
async function keysLeft(session: Session): Promise<(step: Step) => boolean> {
  const { rows } = await session.query<{ key: string }>(
    `select pg_catalog.jsonb_build_array(n.nspname, c.relname, k.conname)::pg_catalog.text as key
     from pg_catalog.pg_constraint as k
     inner join pg_catalog.pg_class as c on k.conrelid = c.oid
     inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid`,
  );
  const left = new Set(rows.map(({ key }) => JSON.stringify(JSON.parse(key))));
  return ({ destroys }) =>
    destroys.some(
      ({ kind, schema, table, name }) =>
        kind === 'constraint' && left.has(JSON.stringify([schema, table, name])),
    );
}

async function namesOf(session: Session, held: readonly Matched[]): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (const { oid } of held) names.add(await nameOf(session, oid ?? ''));
  return names;
}
