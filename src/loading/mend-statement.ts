/** A statement that was refused → mended, where what it lacks can be made; left out, where the host is the reason; or the problem. */
import { type DatabaseError, isDatabaseError } from '../database/database-error.js';
import { quoteIdentifier } from '../database/quote.js';
import type { LeftOut, SqlProblem } from '../model.js';
import { asAnyServer } from './as-any-server.js';
import { describeProblem } from './describe-problem.js';
import { type DescribedStatement, describeStatement } from './describe-statement.js';
import { isSaidOfEventTrigger } from './event-triggers.js';
import { areOfHost, deployersName, isRoleOfPlatform, schemasOfExtensions } from './host.js';
import { isRun } from './is-run.js';
import { judgeFailure } from './judge-failure.js';
import type { Missing } from './ledger.js';
import { countLoaded, type LoadContext, leave, type SqlItem } from './load-context.js';
import { makeAccountsFor, withAccountsFor } from './make-accounts.js';
import { makeRole } from './make-role.js';
import { makeStandIn, withoutBuildOptions } from './make-stand-in.js';
import { needsNothing } from './needs-nothing.js';
import { isRoleByHost } from './roles-by-host.js';
import type { GuardedRunner } from './run-guarded.js';
import { isRunAsMember, isRunWithOwner } from './run-with-owner.js';
import { hostCall } from './with-host.js';

/** `again`: what it lacked was made, and it may be run once more. Null: it is accounted for. */
export async function mendStatement(
  context: LoadContext,
  item: SqlItem,
  error: DatabaseError,
): Promise<SqlProblem | 'again' | null> {
  const { ledger, file } = context;
  const described = describeStatement(item.text);
  const fail = () => describeProblem(error, { path: file.path, item, missing: ledger.missing });
  if (item.kind === 'copy') {
    const kind = judgeFailure(described, error, context.hostSchemas);
    return kind === null ? fail() : leave(context, item, { kind, described, reason: error.message });
  }
  if (needsNothing(item.text, error, file)) {
    countLoaded(ledger);
    return null;
  }
  const anywhere = asAnyServer(item.text, error);
  if (anywhere !== null) return mendWithout(context, { ...item, text: anywhere });
  const apart = error.code === '42501' ? apartFromOwner(item.text) : null;
  if (apart !== null && (await isRun(() => context.runner.run(apart.made))))
    return mendStatement(context, { ...item, text: apart.given }, error);
  const again = await mendOnce(context, item, { error, described });
  if (again === 'later') return null;
  if (again === 'done') {
    countLoaded(ledger);
    return null;
  }
  if (again === 'again') return 'again';
  const kind = judgeFailure(described, error, context.hostSchemas);
  if (kind === null) {
    const cause = causeOfWrapper(item.text, error, ledger.missing);
    if (cause === null) return fail();
    const reason = `it follows from ${cause.statement}, which was left out`;
    return leave(context, item, { kind: 'extension', described, reason });
  }
  if (kind === 'extension' && described.verb === 'create') {
    const [[extension = ''] = []] = described.targets;
    if (ledger.standIns.has(extension)) {
      countLoaded(ledger);
      return null;
    }
    const standIn = await makeStandIn(context, context.standIns, { statement: item.text, extension });
    const instead = standIn === null ? '' : `; a stand-in is there: ${standIn.title}`;
    // Before 15 the message is where on this machine the extension would be.
    const isAbsent = error.code === '58P01';
    const schema = schemasOfExtensions.get(extension);
    if (standIn === null && schema !== undefined) context.hostSchemas.add(schema);
    const reason = isAbsent ? `extension "${extension}" is not available` : error.message;
    return leave(context, item, {
      kind,
      described,
      reason: `${reason}${instead}`,
      isThere: standIn !== null,
    });
  }
  if (isSaidOfEventTrigger(ledger, item.text)) {
    countLoaded(ledger);
    return null;
  }
  if (kind === 'owner') for (const role of described.roles) ledger.owners.add(role);
  return leave(context, item, { kind, described, reason: error.message });
}

/** It may name a second one. */
async function mendWithout(
  context: LoadContext,
  item: Exclude<SqlItem, { kind: 'copy' }>,
): Promise<SqlProblem | 'again' | null> {
  try {
    await context.runner.run(item.text);
    countLoaded(context.ledger);
    return null;
  } catch (error: unknown) {
    if (!isDatabaseError(error)) throw error;
    return mendStatement(context, item, error);
  }
}

/** The extension that was left out and has the handler of a foreign-data wrapper, or the wrapper that was left out with it. */
function causeOfWrapper(
  text: string,
  { message }: DatabaseError,
  missing: readonly Missing[],
): LeftOut | null {
  const [, handler] = /^create\s+foreign\s+data\s+wrapper\s[^']*?\shandler\s+(\S+)/i.exec(text) ?? [];
  const [, wrapper] = /^foreign-data wrapper "(.+)" does not exist$/.exec(message) ?? [];
  const name = handler ?? (/^create\s+server\b/i.test(text) ? wrapper : undefined);
  if (name === undefined) return null;
  const cause = missing.find(({ words, leftOut }) => leftOut.kind === 'extension' && words.test(name));
  return cause?.leftOut ?? null;
}

/** A schema that is made for a role which the deployer may not become is made, and given away as other objects of dumps are. */
function apartFromOwner(text: string): { readonly made: string; readonly given: string } | null {
  const [, unless = '', name, owner] = makesForOwner.exec(text) ?? [];
  if (owner === undefined) return null;
  const schema = name ?? owner;
  return {
    made: `create schema ${unless}${schema}`,
    given: `alter schema ${schema} owner to ${owner}`,
  };
}

const makesForOwner =
  /^create\s+schema\s+(if\s+not\s+exists\s+)?(?:("(?:[^"]|"")+"|[\w$]+)\s+)?authorization\s+("(?:[^"]|"")+"|[\w$]+)\s*$/i;

/** `done`: nothing is left to do; `again`: the statement may fare better now; `no`: nothing could be done; `later`: at the end. */
async function mendOnce(
  { session, runner, ledger, deployer, isSupabase, hostSchemas }: LoadContext,
  { text, line }: SqlItem,
  { error, described }: { error: DatabaseError; described: DescribedStatement },
): Promise<'done' | 'again' | 'no' | 'later'> {
  const { kind, roles, targets } = described;
  const withoutOptions = withoutBuildOptions(text, error);
  if (withoutOptions !== null) {
    await runner.run(withoutOptions);
    return 'done';
  }
  const plainer = kind === 'role' ? withoutDefaults(text) : text;
  if (plainer !== text && (await isRun(() => runner.run(plainer)))) return 'done';
  // Who granted it is nobody's here.
  const byDeployer = kind === 'membership' ? text.replace(grantedBy, '') : text;
  if (byDeployer !== text && (await isRun(() => runner.run(byDeployer)))) return 'done';
  const isOfRoles = kind === 'role' || kind === 'membership';
  if (isOfRoles && error.code === '42501' && (await isRoleByHost({ runner, ledger, isSupabase }, text)))
    return 'done';
  if (kind === 'owner') {
    const [owner = ''] = roles;
    if (owner === deployersName || owner === 'pg_database_owner') return 'done';
    if (!isRoleOfPlatform(owner, { isSupabase })) return 'no';
    ledger.owned.push({ statement: text, line });
    return 'later';
  }
  if (kind === 'default privileges') {
    const role = missingRole(error);
    // A file that gives nothing to any owner is all the deployer's.
    const isOwner = (name: string) =>
      name === deployersName || ledger.owners.has(name) || (name === role && ledger.owners.size === 0);
    if (roles.some(isOwner)) {
      await runMakingRoles({ runner, ledger }, text.replace(forRoles, `$1${quoteIdentifier(deployer)} `));
      return 'done';
    }
    if (roles.length > 0 && (await isRunAsMember(runner, roles, text))) return 'done';
    if (role === undefined) return 'no';
  }
  const wrapper = error.code === '42501' ? wrapperOf(text, error) : undefined;
  if (wrapper !== undefined && (await isServerMade(runner, wrapper, text))) return 'done';
  if (kind !== 'role' && (await makeMissingRole({ runner, ledger }, error))) return 'again';
  if (error.code === '42501' && kind === 'other' && areOfHost(targets, hostSchemas)) {
    const use = { statement: text, message: error.message };
    return (await isRunWithOwner({ session, runner, hostSchemas }, targets, use)) ? 'done' : 'no';
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

/** Of a server that is made of it. */
function wrapperOf(text: string, { message }: DatabaseError): string | undefined {
  return /^create\s+server\b/i.test(text)
    ? /^permission denied for foreign-data wrapper (.+)$/.exec(message)?.[1]
    : undefined;
}

function isServerMade(runner: GuardedRunner, wrapper: string, text: string): Promise<boolean> {
  return isRun(() => runner.runBetween(hostCall('lend_wrapper', wrapper), text, hostCall('take_back')));
}

type RoleContext = Pick<LoadContext, 'runner' | 'ledger'>;

/** With those that it names and no file makes. */
async function runMakingRoles(context: RoleContext, text: string): Promise<void> {
  try {
    await context.runner.run(text);
  } catch (error: unknown) {
    if (!isDatabaseError(error) || !(await makeMissingRole(context, error))) throw error;
    await runMakingRoles(context, text);
  }
}

/** Once: of a role that it has made before it says no. */
async function makeMissingRole({ runner, ledger }: RoleContext, error: DatabaseError): Promise<boolean> {
  const role = missingRole(error);
  if (role === undefined || ledger.roles.has(role)) return false;
  await makeRole(runner, role);
  ledger.roles.add(role);
  return true;
}

function missingRole({ code, message }: DatabaseError): string | undefined {
  return code === '42704' ? /^role "(.+)" does not exist$/.exec(message)?.[1] : undefined;
}

/** `pg_dumpall` says of each role also what every new one is, and what only a superuser may say. */
function withoutDefaults(statement: string): string {
  const [words = ''] = /^alter\s+role\b[^']*/i.exec(statement) ?? [];
  return words.replace(/\s+no(?:superuser|replication|bypassrls)\b/gi, '') + statement.slice(words.length);
}

const grantedBy = /\s+granted\s+by\s+(?:"(?:[^"]|"")*"|[\w$]+)\s*$/i;

const forRoles =
  /(\bfor\s+(?:role|user)\s+)(?:"(?:[^"]|"")*"|[\w$]+)(?:\s*,\s*(?:"(?:[^"]|"")*"|[\w$]+))*\s+/i;
