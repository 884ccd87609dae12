/** Rows that are keyed to accounts which no file holds → the accounts: a dump of `public` leaves them out. */
import { engineSql } from '../database/engine-sql.js';
import { quoteIdentifier } from '../database/quote.js';
import type { Session } from '../database/with-session.js';
import type { GuardedRunner } from './run-guarded.js';

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
  work: () => Promise<void>,
): Promise<number> {
  const keys = (await readKeys(session)).filter(
    (key) =>
      !key.is_deferrable && key.relation === target.at(-1) && (target.length < 2 || key.schema === target[0]),
  );
  for (const { table_name, name } of keys) {
    await runner.runAsHost(
      `alter table ${table_name} alter constraint ${quoteIdentifier(name)} deferrable initially deferred`,
    );
  }
  const putBack = async () => {
    if (keys.length > 0) await runner.runAsHost('set constraints all immediate');
    for (const { table_name, name } of keys) {
      await runner.runAsHost(
        `alter table ${table_name} alter constraint ${quoteIdentifier(name)} not deferrable`,
      );
    }
  };
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

/** As replicas do: no trigger of the project's greets an account that it greeted long ago. */
async function fill(session: Session, runner: GuardedRunner, statements: readonly string[]): Promise<number> {
  if (statements.length === 0) return 0;
  const { rows } = await session.query<{ role: string }>(
    "select pg_catalog.current_setting('session_replication_role') as role",
  );
  let made = 0;
  await runner.runAsHost('set session_replication_role = replica');
  for (const statement of statements) made += await runner.runAsHost(statement);
  await runner.runAsHost(`set session_replication_role = ${rows[0]?.role ?? 'origin'}`);
  return made;
}
