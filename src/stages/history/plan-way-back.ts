/** The catalog as it was and the open transaction with the fix in it → the statements that make the one of the other. */
import { isDeepStrictEqual } from 'node:util';
import type { Fact, FactBase, StableId } from '@supabase/pg-delta/core';
import { type PartIndexes, readPartIndexes } from '../../copying/part-indexes.js';
import { readFacts } from '../../copying/read-facts.js';
import { readRoleNames } from '../../copying/read-roles.js';
import { nameInSql } from '../../database/quote.js';
import type { Session } from '../../database/with-session.js';
import { withSavepointRollback } from '../../database/with-transaction.js';
import { callAsBefore, type Named, readNames } from './names.js';
import { type ColumnGrant, readColumnGrants, readFilled } from './read-filled.js';
import {
  readSequencesBefore,
  readSuspects,
  restoreSequences,
  type SequenceBefore,
} from './sequences-before.js';
import { setAside } from './set-aside.js';

export interface CatalogBefore {
  readonly facts: FactBase;
  /** What makes the index of a partition a part of the whole table's. */
  readonly attach: PartIndexes['attach'];
  readonly names: ReadonlyMap<string, Named>;
  readonly sequences: readonly SequenceBefore[];
  /** Materialized views that can be read. */
  readonly filled: readonly string[];
  /** What is granted of columns of materialized views, by their quoted names. */
  readonly grants: readonly ColumnGrant[];
}

/** `names` first: tables and columns are called as they were, so that their rows stay where they are. `keys` lets go what hangs on a row. */
export type Phase = 'names' | 'keys' | 'shape' | 'late';

export interface Step {
  readonly phase: Phase;
  readonly sql: string;
  /** What is no more, as `kind:name` with the parts of a name joined by a dot. */
  readonly destroys: readonly Destroyed[];
}

export interface Destroyed {
  readonly kind: string;
  readonly schema: string | null;
  readonly table: string | null;
  readonly name: string;
}

/** pg-delta is large, and for nobody who records nothing. */
const load = () => import(/* webpackMode: "eager" */ '../../copying/pg-delta.js');

export async function readCatalogBefore(session: Session): Promise<CatalogBefore> {
  const delta = await load();
  const { factBase } = await readFacts(session, delta);
  const { factBase: facts, attach } = await readPartIndexes(session, factBase, delta);
  return {
    facts,
    attach,
    names: await readNames(session),
    sequences: await readSequencesBefore(session),
    filled: await readFilled(session),
    grants: await readColumnGrants(session),
  };
}

/** Within the transaction in which the fix is applied. What is tried out is undone. */
export async function planWayBack(
  session: Session,
  { facts, attach, names, sequences, filled, grants }: CatalogBefore,
): Promise<Step[]> {
  const delta = await load();
  const { buildFactBase, encodeId, plan } = delta;
  const renames = callAsBefore(names, await readNames(session));
  const { now, keys } = await withSavepointRollback(session, async () => {
    for (const sql of renames) await session.query(sql);
    const { factBase } = await readFacts(session, delta);
    const isLike = (index: StableId) =>
      isDeepStrictEqual(factBase.get(index)?.payload, facts.get(index)?.payload);
    // Of an index that goes, the parts go with it.
    const parts = await readPartIndexes(session, factBase, delta, isLike);
    return { now: parts.factBase, keys: await readForeignKeys(session) };
  });
  const counted = restoreSequences(
    sequences,
    await readSequencesBefore(session),
    await readSuspects(session),
  );
  const options = {
    scope: 'database' as const,
    renames: 'off' as const,
    assumedRoles: await readRoleNames(session),
  };
  const left = setAside(now, facts, encodeId);
  const between = left === null ? now : buildFactBase(left, edgesAmong(now, left, encodeId), 'liveDb');
  const loose = buildFactBase(leaveEmpty(facts, between), [...facts.edges], 'liveDb');
  const actions = [
    ...(left === null ? [] : plan(now, between, options).actions),
    ...[...plan(between, loose, options).actions, ...plan(loose, facts, options).actions].flatMap((action) =>
      attach(action).map(({ sql }) => ({ sql, destroys: sql === action.sql ? action.destroys : [] })),
    ),
  ];
  return [
    ...renames.map((sql): Step => ({ phase: 'names', sql, destroys: [] })),
    ...actions.map(
      ({ sql, destroys }): Step => ({
        phase: phaseOf(sql, destroys, keys),
        sql: sql.replace(/[\s;]+$/, ''),
        destroys: destroys.flatMap(nameOf),
      }),
    ),
    // It is made before the rows are back.
    ...actions.flatMap(({ sql }): Step[] => {
      const view = createdView.exec(sql)?.[1];
      if (view === undefined) return [];
      const isFilled = filled.includes(view.replaceAll('"', ''));
      return [
        {
          phase: 'late',
          sql: `refresh materialized view ${view}${isFilled ? '' : ' with no data'}`,
          destroys: [],
        },
        // pg-delta does not know of them.
        ...grants
          .filter(({ relation }) => relation.replaceAll('"', '') === view.replaceAll('"', ''))
          .map((grant): Step => ({ phase: 'late', sql: grant.sql, destroys: [] })),
      ];
    }),
    ...counted.map((sql): Step => ({ phase: 'late', sql, destroys: [] })),
  ];
}

const createdView = new RegExp(`^create materialized view (${nameInSql})`, 'i');

/** A column that comes back to a table holds nothing until the rows do. */
function leaveEmpty(facts: FactBase, from: FactBase): Fact[] {
  return facts.facts().map((fact) => {
    const { id, payload } = fact;
    if (id.kind !== 'column' || from.get(id) !== undefined) return fact;
    const isOfNewTable = from.get({ kind: 'table', schema: id.schema, name: id.table }) === undefined;
    return isOfNewTable ? fact : { ...fact, payload: { ...payload, notNull: false } };
  });
}

function edgesAmong(from: FactBase, facts: readonly Fact[], encode: (id: StableId) => string) {
  const known = new Set(facts.map(({ id }) => encode(id)));
  return from.edges.filter((edge) => known.has(encode(edge.from)) && known.has(encode(edge.to)));
}

/** What looks at rows, acts on them or hides them comes when they are back. */
const isLate =
  /^(create\s+(or\s+replace\s+)?(constraint\s+|event\s+)?(trigger|rule)|create\s+policy|create\s+(unique\s+)?index|alter\s+index|alter\s+publication\s+.*\sadd\s|comment\s+on\s+((event\s+)?trigger|policy|constraint|index|rule)|refresh)\b|\b(enable|force)\s+row\s+level\s+security$|\b(enable|disable)\s+(always\s+|replica\s+)?(trigger|rule)\b|^alter\s+table\s+.*\s(add\s+constraint|validate\s+constraint|replica\s+identity|cluster\s+on|set\s+not\s+null)\b/is;

function phaseOf(sql: string, destroys: readonly StableId[], keys: ReadonlySet<string>): Phase {
  if (destroys.length === 0) return isLate.test(sql) ? 'late' : 'shape';
  const isKey = destroys.some(
    (id) => id.kind === 'constraint' && keys.has(JSON.stringify([id.schema, id.table, id.name])),
  );
  return isKey && /\bdrop\s+constraint\b/i.test(sql) ? 'keys' : 'shape';
}

async function readForeignKeys(session: Session): Promise<ReadonlySet<string>> {
  const { rows } = await session.query<{ schema: string; table: string; name: string }>(
    `select n.nspname as schema, c.relname as table, k.conname as name
     from pg_catalog.pg_constraint as k
     inner join pg_catalog.pg_class as c on k.conrelid = c.oid
     inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
     where k.contype = 'f'`,
  );
  return new Set(rows.map(({ schema, table, name }) => JSON.stringify([schema, table, name])));
}

function nameOf(id: StableId): Destroyed[] {
  if (!('name' in id)) return [];
  return [
    {
      kind: id.kind,
      schema: 'schema' in id ? id.schema : null,
      table: 'table' in id ? id.table : null,
      name: id.name,
    },
  ];
}
