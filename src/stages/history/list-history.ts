/** What is recorded in a database of its deployments and rollbacks → a list; and what removes it. */

import type { Keeping } from '../../database/commit.js';
import type { Session } from '../../database/with-session.js';
import { withReading, withTransaction } from '../../database/with-transaction.js';
import { UserError } from '../../errors.js';
import { hasHistory } from './history-schema.js';

export interface HistoryEntry {
  readonly id: string;
  readonly kind: 'deployment' | 'rollback';
  readonly undoes: string | null;
  /** The rollback that undid it. */
  readonly undone: string | null;
  readonly at: Date;
  readonly bundle: string;
  readonly role: string;
  readonly definitions: number;
  /** Rows as they were, and values that a rollback kept. */
  readonly rows: number;
  readonly kept: number;
}

export function listHistory(session: Session): Promise<HistoryEntry[]> {
  return withReading(session, async () => {
    if (!(await hasHistory(session))) return [];
    const { rows } = await session.query<
      Omit<HistoryEntry, 'definitions' | 'rows' | 'kept'> & Record<'definitions' | 'rows' | 'kept', string>
    >(
      `select
           r.id::pg_catalog.text as id, r.kind, r.undoes::pg_catalog.text as undoes, u.id::pg_catalog.text as undone, r.at, r.bundle,
           r.target ->> 'role' as role,
           (
               select count(*)
               from pg_catalog.jsonb_each_text(r.definitions_before) as b
               full join pg_catalog.jsonb_each_text(r.definitions_after) as a using (key)
               where b.value is distinct from a.value
           ) as definitions,
           (select count(*) from schema_fix_history.rows as w where w.run = r.id and w.side = 'was') as rows,
           (select count(*) from schema_fix_history.kept as k where k.run = r.id) as kept
       from schema_fix_history.runs as r
       left join schema_fix_history.runs as u on u.undoes = r.id
       order by r.id`,
    );
    return rows.map((row) => ({
      ...row,
      definitions: Number(row.definitions),
      rows: Number(row.rows),
      kept: Number(row.kept),
    }));
  });
}

/** Removes what is recorded of a deployment, its rows among it, which cannot be rolled back any more. Returns how many runs went. */
export function forgetHistory(session: Session, which: string, keeping: Keeping): Promise<number> {
  const forget = async () => {
    if (!(await hasHistory(session)))
      throw new UserError('forget: nothing is recorded in this database. Nothing was removed.');
    if (which === 'all') {
      const { rowCount } = await session.query(
        'delete from schema_fix_history.runs where undoes is not null',
      );
      const { rowCount: others } = await session.query('delete from schema_fix_history.runs');
      return (rowCount ?? 0) + (others ?? 0);
    }
    const { rowCount: rollbacks } = await session.query(
      'delete from schema_fix_history.runs where undoes = $1',
      [which],
    );
    const { rowCount } = await session.query('delete from schema_fix_history.runs where id = $1', [which]);
    if (rowCount === 0)
      throw new UserError(
        `forget: no run ${which} is recorded. See schema-fix history. Nothing was removed.`,
      );
    return (rowCount ?? 0) + (rollbacks ?? 0);
  };
  return withTransaction(session, forget, keeping);
}
