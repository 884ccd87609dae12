/** One statement of a file → run; or left out, where the host is the reason; or the problem that ends the loading. */
import type { ScriptItem } from '../before/read-statements.js';
import { type DatabaseError, isDatabaseError } from '../database/database-error.js';
import { quoteIdentifier } from '../database/quote.js';
import type { Session } from '../database/with-session.js';
import type { BeforeFile, LeftOutKind, SqlProblem, StandIn } from '../model.js';
import { describeProblem } from './describe-problem.js';
import { type DescribedStatement, describeStatement } from './describe-statement.js';
import { deployersName, isHostRole, isOfHost } from './host.js';
import { judgeFailure } from './judge-failure.js';
import { leaveOut } from './leave-out.js';
import type { Ledger } from './ledger.js';
import { makeAccountsFor, withAccountsFor } from './make-accounts.js';
import { makeStandIn, withoutBuildOptions } from './make-stand-in.js';
import type { GuardedRunner } from './run-guarded.js';

export interface LoadContext {
  readonly session: Session;
  readonly runner: GuardedRunner;
  readonly file: BeforeFile;
  readonly deployer: string | null;
  readonly ledger: Ledger;
  /** The SQL of the fix. */
  readonly fix: readonly string[];
  readonly standIns: readonly StandIn[];
}

export type SqlItem = Exclude<ScriptItem, { kind: 'command' }>;

/** Null: it was run or left out. */
export async function runStatement(context: LoadContext, item: SqlItem): Promise<SqlProblem | null> {
  const { ledger } = context;
  if (isNotForUs(item.text) || (context.file.isDump && isDropOfPublic.test(item.text))) {
    countLoaded(ledger);
    return null;
  }
  if (isAboutDatabase.test(item.text)) {
    const reason = 'the throwaway database stands for it';
    return leave(context, item, { kind: 'database', described: describeStatement(item.text), reason });
  }
  try {
    await (item.kind === 'copy' ? copy(context, item) : run(context, item));
    countLoaded(ledger);
    return null;
  } catch (error: unknown) {
    if (!isDatabaseError(error)) throw error;
    return mend(context, item, error);
  }
}

export function countLoaded(ledger: Ledger): void {
  ledger.statements += 1;
  ledger.loaded += 1;
}

/** The file was decoded already; who loads it is not for the file to say; statistics are for the planner of another server. */
function isNotForUs(text: string): boolean {
  return /^(set\s+(session\s+|local\s+)?client_encoding|(re)?set\s+session\s+authorization|select\s+(\*\s+from\s+)?pg_catalog\.pg_restore_\w+_stats)\b/i.test(
    text,
  );
}

/** `pg_dump --clean` makes it anew, with its privileges only where they differ from what every database has. */
const isDropOfPublic = /^drop\s+schema\s+(if\s+exists\s+)?"?public"?\s*$/i;

/** Never run: on a server that is not ours it would be somebody's. */
const isAboutDatabase =
  /^(create|alter|drop)\s+(database|tablespace|subscription)\b|^alter\s+system\b|^(grant|revoke)\s[^;]*\son\s+(database|tablespace)\s/i;

/** What the hosting lets its customers do, though they are no superuser. */
const isForHost =
  /^((create|alter|drop)\s+extension|comment\s+on\s+extension|set\s+(session\s+|local\s+)?session_replication_role|alter\s+table\s+(only\s+)?[^\s;]+\s+(en|dis)able\s+trigger\s+all)\b/i;

/** From here on keys are not checked, so that rows may be keyed to accounts that are not there. */
const isUnchecked = /\bsession_replication_role\b.*\breplica\b|\bdisable\s+trigger\s+all\b/is;

async function run({ runner, ledger }: LoadContext, { text }: SqlItem): Promise<void> {
  if (!isForHost.test(text)) return runner.run(text);
  await runner.runAsHost(text);
  if (isUnchecked.test(text)) ledger.isUnchecked = true;
}

async function copy(
  { session, runner, ledger }: LoadContext,
  item: Extract<ScriptItem, { kind: 'copy' }>,
): Promise<void> {
  const [target = []] = describeStatement(item.text).targets;
  ledger.accounts += await withAccountsFor(session, runner, target, async () => {
    ledger.rows += await runner.copy(item.text, item.rows);
  });
}

function leave(
  { ledger, file, fix }: LoadContext,
  { line }: SqlItem,
  left: { kind: LeftOutKind; described: DescribedStatement; reason: string },
): null {
  leaveOut(ledger, { path: file.path, line }, { ...left, fix });
  return null;
}

/** What can be made good is, and the statement run again. */
async function mend(context: LoadContext, item: SqlItem, error: DatabaseError): Promise<SqlProblem | null> {
  const { ledger, file } = context;
  const described = describeStatement(item.text);
  const fail = () => describeProblem(error, { path: file.path, item, missing: ledger.missing });
  if (item.kind === 'copy') {
    const kind = judgeFailure(described, error.code ?? '');
    return kind === null ? fail() : leave(context, item, { kind, described, reason: error.message });
  }
  if (isThereAsAlways(item.text, error) || (file.isDump && isGoneAlready(item.text, error))) {
    countLoaded(ledger);
    return null;
  }
  const again = await mendOnce(context, item, { error, described });
  if (again === 'later') return null;
  if (again === 'done') {
    countLoaded(ledger);
    return null;
  }
  if (again === 'again') return runStatement(context, item);
  const kind = judgeFailure(described, error.code ?? '');
  if (kind === null) return fail();
  if (kind === 'extension' && described.verb === 'create') {
    const [[extension = ''] = []] = described.targets;
    if (ledger.standIns.has(extension)) {
      countLoaded(ledger);
      return null;
    }
    const standIn = await makeStandIn(context, context.standIns, { statement: item.text, extension });
    const instead = standIn === null ? '' : `; a stand-in is there: ${standIn.title}`;
    return leave(context, item, { kind, described, reason: `${error.message}${instead}` });
  }
  if (kind === 'owner') for (const role of described.roles) ledger.owners.add(role);
  return leave(context, item, { kind, described, reason: error.message });
}

/** `pg_dump --schema public` makes what every database has. */
function isThereAsAlways(text: string, { code }: DatabaseError): boolean {
  return code === '42P06' && /^create\s+schema\s+"?public"?\s*$/i.test(text);
}

/** `pg_dump --clean` takes away what may be there. */
function isGoneAlready(text: string, { code = '' }: DatabaseError): boolean {
  return (
    ['42P01', '42704', '42883', '3F000'].includes(code) &&
    /^(drop\b|alter\s+table\s.*\s(drop\s+constraint|alter\s+column\s+\S+\s+drop\s+default)\b)/is.test(text)
  );
}

/** `done`: nothing is left to do; `again`: the statement may fare better now; `no`: nothing could be done; `later`: at the end. */
async function mendOnce(
  { session, runner, ledger, deployer }: LoadContext,
  { text, line }: SqlItem,
  { error, described }: { error: DatabaseError; described: DescribedStatement },
): Promise<'done' | 'again' | 'no' | 'later'> {
  const { kind, roles, targets } = described;
  const withoutOptions = withoutBuildOptions(text, error);
  if (withoutOptions !== null) {
    await runner.run(withoutOptions);
    return 'done';
  }
  if (kind === 'owner') {
    const [owner = ''] = roles;
    if (owner === deployersName || owner === 'pg_database_owner') return 'done';
    if (!isHostRole(owner)) return 'no';
    ledger.owned.push({ statement: text, line });
    return 'later';
  }
  if (kind === 'default privileges') {
    if (roles.length > 0 && (await isRunAsHost(runner, text))) return 'done';
    const isDeployers = roles.some((role) => role === deployersName || ledger.owners.has(role));
    if (!isDeployers || deployer === null) return 'no';
    await runner.run(text.replace(forRoles, `$1${quoteIdentifier(deployer)} `));
    return 'done';
  }
  const role = error.code === '42704' ? /^role "(.+)" does not exist$/.exec(error.message)?.[1] : undefined;
  if (role !== undefined && !ledger.roles.has(role) && kind !== 'role') {
    await makeRole(runner, role);
    ledger.roles.add(role);
    return 'again';
  }
  if (error.code === '42501' && isForOwner(described)) {
    return (await runAsOwner({ session, runner }, targets, text)) ? 'done' : 'no';
  }
  if (error.code === '23503') {
    const { schema = '', table = '' } = error;
    const made = await makeAccountsFor(session, runner, { statement: text, schema, table });
    ledger.accounts += made;
    if (made > 0) return 'again';
    if (described.verb !== 'insert') return 'no';
    const brought = await withAccountsFor(session, runner, [schema, table], () => runner.run(text));
    ledger.accounts += brought;
    return 'done';
  }
  return 'no';
}

const forRoles =
  /(\bfor\s+(?:role|user)\s+)(?:"(?:[^"]|"")*"|[\w$]+)(?:\s*,\s*(?:"(?:[^"]|"")*"|[\w$]+))*\s+/i;

/** It defines something, so that nothing of the project's is run by somebody else. */
function isForOwner({ kind, verb, targets }: DescribedStatement): boolean {
  const defines = ['create', 'alter', 'drop', 'grant', 'revoke'].includes(verb);
  return defines && kind === 'other' && targets.length > 0 && targets.every(isOfHost);
}

/**
 * The hosting lets its customers make policies on its tables and drop their own triggers from them, though it owns those: it
 * is done by the owner, who is no superuser. False: they may not either.
 */
async function runAsOwner(
  { session, runner }: Pick<LoadContext, 'session' | 'runner'>,
  targets: DescribedStatement['targets'],
  statement: string,
): Promise<boolean> {
  const [[schema = '', name = ''] = []] = targets;
  const { rows } = await session.query<{ owner: string }>(
    `select r.rolname as owner
     from pg_catalog.pg_namespace as n
     left join pg_catalog.pg_class as c on c.relnamespace = n.oid and c.relname = $2
     inner join pg_catalog.pg_roles as r on r.oid = coalesce(c.relowner, n.nspowner)
     where n.nspname = $1 and not r.rolsuper`,
    [schema, name],
  );
  const owner = rows[0]?.owner;
  if (owner === undefined) return false;
  return isRunAsHost(runner, `set role ${quoteIdentifier(owner)}; ${statement}`);
}

/** What the file gives to a role of the host's it may still work on, and so may the deployer: it is given away at the end. */
export async function giveAway(context: LoadContext): Promise<void> {
  const { runner, ledger, file, fix } = context;
  for (const { statement, line } of ledger.owned.splice(0)) {
    if (await isRunAsHost(runner, statement)) countLoaded(ledger);
    else {
      const described = describeStatement(statement);
      const kind = judgeFailure(described, '') ?? 'owner';
      const reason = 'there is no such object, or no such role';
      leaveOut(ledger, { path: file.path, line }, { kind, described, reason, fix });
    }
  }
}

async function isRunAsHost(runner: GuardedRunner, statement: string): Promise<boolean> {
  try {
    await runner.runAsHost(statement);
    return true;
  } catch (error: unknown) {
    if (!isDatabaseError(error)) throw error;
    return false;
  }
}

/** Marked as ours, so that it goes with us; nobody can become it. */
async function makeRole(runner: GuardedRunner, role: string): Promise<void> {
  await runner.runAsHost(`create role ${quoteIdentifier(role)} nologin`);
  await runner.runAsHost(`comment on role ${quoteIdentifier(role)} is 'created by schema-fix-action'`);
}
