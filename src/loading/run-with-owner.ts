/** What only the owner of a table of the host's may do, and the hosting lets its customers do → whether it could be done. */
import { isRun } from './is-run.js';
import type { LoadContext } from './load-context.js';
import type { GuardedRunner } from './run-guarded.js';
import { hostCall } from './with-host.js';

/**
 * They make policies on those tables and drop their triggers from them: while the statement runs, the deployer is a member of
 * the owner, which no other session sees. False: that does not help, or the table is not the host's.
 */
export async function isRunWithOwner(
  use: Pick<LoadContext, 'session' | 'runner' | 'hostSchemas'>,
  targets: readonly (readonly string[])[],
  refused: { readonly statement: string; readonly message: string },
): Promise<boolean> {
  const owner = await findOwner(use, targets, refused.message);
  return owner !== null && isRunAsMember(use.runner, [owner], refused.statement);
}

/** Whether the deployer could run it as a member of the roles. */
export function isRunAsMember(
  runner: GuardedRunner,
  roles: readonly string[],
  statement: string,
): Promise<boolean> {
  const lend = roles.map((role) => hostCall('lend', role));
  return isRun(() => runner.runBetween(lend.join('; '), statement, hostCall('take_back')));
}

/** A block names no table before it runs; the error does, without its schema. */
async function findOwner(
  { session, hostSchemas }: Pick<LoadContext, 'session' | 'hostSchemas'>,
  [[schema = '', name = ''] = []]: readonly (readonly string[])[],
  message: string,
): Promise<string | null> {
  const { rows } = await session.query<{ owner: string }>(
    `select distinct r.rolname as owner
     from pg_catalog.pg_namespace as n
     inner join pg_catalog.pg_class as c on c.relnamespace = n.oid
     inner join pg_catalog.pg_roles as r on r.oid = c.relowner
     where
         n.nspname = any ($1)
         and not r.rolsuper
         and case when $2 = '' then c.relname = $4 else n.nspname = $2 and c.relname = $3 end`,
    [[...hostSchemas], schema, name, /^must be owner of \w+ (\S+)$/.exec(message)?.[1]],
  );
  return rows.length === 1 ? (rows[0]?.owner ?? null) : null;
}
