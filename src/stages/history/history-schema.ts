/** The schema in which deployments are recorded: made by the engine, and its owner's alone. */
import { engineSql } from '../../database/engine-sql.js';
import type { Session } from '../../database/with-session.js';
import { UserError } from '../../errors.js';

export const historySchema = 'schema_fix_history';

/** As the catalog's fingerprint names what is in it. */
const ofHistory =
  /^(schema schema_fix_history$|[a-z ]+ schema_fix_history\.|constraint .* on schema_fix_history\.[^ "]+$)/;

/** Definitions of everything that is not the engine's own: what somebody's database has to be compared by. */
export function withoutHistory(definitions: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...definitions].filter(([object]) => !ofHistory.test(object)));
}

/**
 * Within the open transaction. Returns whether it was not there: `keyRows` is then to be called. Throws a UserError where somebody
 * else has a say in it: what is recorded is run one day.
 */
export async function makeHistory(session: Session): Promise<boolean> {
  if (await hasHistory(session)) return false;
  await session.query(engineSql('make_history'));
  await assertOwn(session);
  return true;
}

/** Of a run that is deleted the rows go, too. */
export async function keyRows(session: Session): Promise<void> {
  await session.query(
    `alter table schema_fix_history.rows
     add constraint rows_run_fkey foreign key (run) references schema_fix_history.runs on delete cascade`,
  );
}

/** Whether anything was ever recorded here. Throws a UserError as `makeHistory` does. */
export async function hasHistory(session: Session): Promise<boolean> {
  const { rows } = await session.query<{ is_there: boolean }>(
    `select pg_catalog.count(*) = 3 as is_there
     from pg_catalog.pg_class as c
     inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
     where n.nspname = $1 and c.relname in ('runs', 'rows', 'kept')`,
    [historySchema],
  );
  await assertOwn(session);
  return rows[0]?.is_there === true;
}

async function assertOwn(session: Session): Promise<void> {
  const { rows } = await session.query<{ what: string }>(engineSql('history_doors'));
  if (rows.length === 0) return;
  const found = rows.map(({ what }) => what);
  throw new UserError(
    `${historySchema}: the schema in which deployments are recorded is not the engine's alone: ${found.join('; ')}. Connect as its owner, take back what others may do there, or rename the schema.`,
    { exitCode: 3 },
  );
}
