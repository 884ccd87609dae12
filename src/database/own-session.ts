/** The session as every transaction of ours finds it, whatever database, role or pooler have set: for the transaction alone. */
import { SqlError } from '../errors.js';
import { type DatabaseError, isDatabaseError, isLostConnection } from './database-error.js';
import { locateProblem } from './locate-problem.js';
import { quoteLiteral } from './quote.js';
import type { Session } from './with-session.js';

/**
 * What would end a run, hide rows from it, or have it read and write something else than it says; Postgres' own defaults but
 * for the first few. Those that a server does not know are left out, and those that are so already are not set: some only a
 * superuser may. What belongs to the data, its languages and its time zones among it, stays as it is outside of the run.
 */
const settings: Readonly<Record<string, string>> = {
  timezone: 'UTC',
  client_min_messages: 'notice',
  // Compiles our catalog queries for seconds, where the server was built to, and then runs them for milliseconds.
  jit: 'off',
  transaction_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  row_security: 'on',
  session_replication_role: 'origin',
  event_triggers: 'on',
  track_counts: 'on',
  check_function_bodies: 'on',
  restrict_nonsystem_relation_kind: '',
  standard_conforming_strings: 'on',
  backslash_quote: 'safe_encoding',
  quote_all_identifiers: 'off',
  transform_null_equals: 'off',
  array_nulls: 'on',
  exit_on_error: 'off',
  client_encoding: 'UTF8',
  datestyle: 'ISO, MDY',
  intervalstyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
  xmloption: 'content',
  xmlbinary: 'base64',
  lc_monetary: 'C',
  lc_numeric: 'C',
  lc_time: 'C',
  default_tablespace: '',
  temp_tablespaces: '',
  default_table_access_method: 'heap',
  'plpgsql.extra_errors': 'none',
  'plpgsql.variable_conflict': 'error',
  gin_fuzzy_search_limit: '0',
  plan_cache_mode: 'auto',
  enable_bitmapscan: 'on',
  enable_hashagg: 'on',
  enable_hashjoin: 'on',
  enable_indexonlyscan: 'on',
  enable_indexscan: 'on',
  enable_material: 'on',
  enable_mergejoin: 'on',
  enable_nestloop: 'on',
  enable_seqscan: 'on',
  enable_sort: 'on',
};

const pairs = Object.entries(settings)
  .map(([name, value]) => `(${quoteLiteral(name)}, ${quoteLiteral(value)})`)
  .join(', ');

/** `search_path` first: what follows must mean Postgres' own. */
const takeOver = `set local search_path = pg_catalog, pg_temp;
  select pg_catalog.set_config(s.name, s.value, true) from (values ${pairs}) as s (name, value)
  where pg_catalog.current_setting(s.name, true) <> s.value`;

export async function beginOwn(session: Session): Promise<void> {
  // In one message: a limit on transactions counts from the first of them.
  await orNamed(() =>
    session.query(`begin isolation level read committed read write not deferrable; ${takeOver}`),
  );
}

/** One snapshot of a database that nothing is written into, as a replica gives it, too. */
export async function beginOwnReading(session: Session): Promise<void> {
  await orNamed(() => session.query(`begin isolation level repeatable read read only; ${takeOver}`));
}

/** Within the transaction, after what may have set things or become somebody else. */
export const ownAgain = `reset role; ${takeOver}`;

/** The same. */
export async function takeBack(session: Session): Promise<void> {
  await orNamed(() => session.query(ownAgain));
}

/** What was to make a session ours: throws a SqlError that names the setting which only somebody else can change. */
export async function orNamed(making: () => Promise<unknown>): Promise<void> {
  try {
    await making();
  } catch (error: unknown) {
    if (!isDatabaseError(error) || isLostConnection(error)) throw error;
    throw new SqlError(describeRefusal(error), { cause: error });
  }
}

function describeRefusal(error: DatabaseError) {
  const file = { path: 'the settings of the session', text: '' };
  const problem = locateProblem(error, { file, statement: null });
  // feature_not_supported: what may be set everywhere else.
  if (error.code === '0A000')
    return {
      ...problem,
      advice: 'This is a replica, which can only be read. Take the address of the primary.',
    };
  return {
    ...problem,
    advice:
      'The database or the role gives its sessions a setting with which a run would not mean what it says, and this role may not change it. Have it taken away, with alter role … reset or alter database … reset.',
  };
}

/** Setting → value, and who the session is. */
export type SessionSettings = ReadonlyMap<string, string>;

/** Outside of a transaction. */
export async function noteSettings(session: Session): Promise<SessionSettings> {
  const { rows } = await session.query<{ name: string; setting: string }>(
    `select name, setting from pg_catalog.pg_settings
     where context in ('user', 'superuser')
     and name not in ('transaction_isolation', 'transaction_read_only', 'transaction_deferrable')
     union all
     select 'role', current_user
     union all
     select 'session_authorization', session_user`,
  );
  return new Map(rows.map(({ name, setting }) => [name, setting]));
}

/** After the commit: which settings differ, in the order of the names. They are what they were again. */
export async function restoreSettings(session: Session, noted: SessionSettings): Promise<string[]> {
  const now = await noteSettings(session);
  const changed = [...noted.keys()].filter((name) => now.get(name) !== noted.get(name)).sort();
  if (changed.length === 0) return [];
  await session.query(forget);
  const still = await noteSettings(session);
  for (const [name, value] of noted) {
    if (name === 'role' || still.get(name) === value) continue;
    await session.query('select pg_catalog.set_config($1, $2, false)', [name, value]);
  }
  return changed;
}

/** Whatever was set for longer than the transaction, in any of them, custom ones included. */
const forget = 'reset session authorization; reset role; reset all';

/** They could end the transaction at its last moment. */
const liftLimits = `select pg_catalog.set_config(s.name, '0', true)
  from (values ('transaction_timeout'), ('idle_in_transaction_session_timeout')) as s (name)
  where pg_catalog.current_setting(s.name, true) <> '0'`;

/**
 * As the last thing before the commit, which a pooler may take for the end of the session's use: nothing of what somebody set
 * or made for it remains for whoever is given the connection next.
 */
export async function leaveNothing(session: Session, noted: SessionSettings): Promise<void> {
  await session.query(`discard temp; ${forget}; ${liftLimits}`);
  const { rows } = await session.query<{ name: string; reset_val: string }>(
    'select name, reset_val from pg_catalog.pg_settings',
  );
  for (const { name, reset_val } of rows) {
    const before = noted.get(name);
    if (before === undefined || before === reset_val) continue;
    await session.query('select pg_catalog.set_config($1, $2, false)', [name, before]);
  }
}
