/** Rows that are keyed to accounts which no file holds → the accounts: a dump of `public` leaves them out. */
import { engineSql } from '../database/engine-sql.js';
import { quoteIdentifier } from '../database/quote.js';
import type { Session } from '../database/with-session.js';
import { isRun } from './is-run.js';
import type { GuardedRunner } from './run-guarded.js';
import { hostCall } from './with-host.js';

interface AccountKey {
  readonly name: string;
  readonly table_name: string;
  readonly schema: string;
  readonly relation: string;
  readonly is_deferrable: boolean;
  readonly fill: string;
}

/** Returns how many were made, for every key that is there. */
export async function makeAccounts(session: Session, runner: GuardedRunner): Promise<number> {
  return fill(
    session,
    runner,
    (await readKeys(session)).map((key) => key.fill),
  );
}

const addedKey =
  /\bforeign\s+key\s*\(\s*(?:"((?:[^"]|"")+)"|([\w$]+))\s*\)\s*references\s+"?auth"?\."?users"?\s*(?:\(\s*"?(\w+)"?\s*\))?/i;

/** For a key that could not be added to a table because its rows ask for accounts; 0 where the statement is another. */
export async function makeAccountsFor(
  session: Session,
  runner: GuardedRunner,
  { statement, schema, table }: { statement: string; schema: string; table: string },
): Promise<number> {
  const found = addedKey.exec(statement);
  if (found === null) return 0;
  const column = quoteIdentifier(found[1]?.replaceAll('""', '"') ?? found[2]?.toLowerCase() ?? '');
  const key = quoteIdentifier(found[3]?.toLowerCase() ?? 'id');
  const rows = `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
  return fill(session, runner, [
    `insert into auth.users (${key}) select distinct t.${column} from ${rows} as t where t.${column} is not null and not exists (select from auth.users as u where u.${key} = t.${column}) on conflict do nothing`,
  ]);
}

/** Lets the work bring rows before the accounts that they are keyed to, and then makes these. Returns how many. */
export async function withAccountsFor(
  session: Session,
  runner: GuardedRunner,
  target: readonly string[],
  work: () => Promise<unknown>,
): Promise<number> {
  const keys = (await readKeys(session)).filter(
    (key) =>
      !key.is_deferrable && key.relation === target.at(-1) && (target.length < 2 || key.schema === target[0]),
  );
  const putBack = async () => {
    if (keys.length === 0) return;
    await asDeployer(session, runner, async () => {
      await runner.run('set constraints all immediate');
      for (const { table_name, name } of keys) {
        await runner.run(
          `alter table ${table_name} alter constraint ${quoteIdentifier(name)} not deferrable`,
        );
      }
    });
  };
  if (keys.length > 0) {
    await asDeployer(session, runner, async () => {
      for (const { table_name, name } of keys) {
        await runner.run(
          `alter table ${table_name} alter constraint ${quoteIdentifier(name)} deferrable initially deferred`,
        );
      }
    });
  }
  try {
    await work();
    const made = await fill(
      session,
      runner,
      keys.map((key) => key.fill),
    );
    await putBack();
    return made;
  } catch (error: unknown) {
    // What went wrong first is what counts.
    await putBack().catch(() => undefined);
    throw error;
  }
}

async function readKeys(session: Session): Promise<AccountKey[]> {
  const { rows } = await session.query<AccountKey>(engineSql('account_keys'));
  return rows;
}

/**
 * As replicas do: no trigger of the project's greets an account that it greeted long ago. By the deployer, who is lent what the
 * owner of the accounts may do: what was planted there, or is called on the way, is nobody's who may do more.
 */
async function fill(session: Session, runner: GuardedRunner, statements: readonly string[]): Promise<number> {
  if (statements.length === 0) return 0;
  const owner = await readOwner(session);
  const replication = await readSetting(session, 'session_replication_role');
  let made = 0;
  await asDeployer(session, runner, async () => {
    await runner.run(hostCall('set_replication_role', 'replica', false));
    // Where it is not the host's to lend, the deployer may do it, or may not.
    await isRun(() => runner.run(hostCall('lend', owner)));
    for (const statement of statements) made += await runner.run(statement);
    await runner.run(hostCall('take_back'));
    await runner.run(hostCall('set_replication_role', replication, false));
  });
  return made;
}

/** Whatever role the file has set. */
async function asDeployer(session: Session, runner: GuardedRunner, work: () => Promise<void>): Promise<void> {
  const role = await readSetting(session, 'role');
  await runner.run('reset role');
  await work();
  await runner.run(`set role ${role === 'none' ? role : quoteIdentifier(role)}`);
}

async function readSetting(session: Session, name: 'role' | 'session_replication_role'): Promise<string> {
  const { rows } = await session.query<{ value: string }>(
    `select pg_catalog.current_setting('${name}') as value`,
  );
  return rows[0]?.value ?? '';
}

async function readOwner(session: Session): Promise<string> {
  const { rows } = await session.query<{ owner: string }>(
    `select pg_catalog.pg_get_userbyid(relowner) as owner
     from pg_catalog.pg_class where oid = pg_catalog.to_regclass('auth.users')`,
  );
  return rows[0]?.owner ?? '';
}
