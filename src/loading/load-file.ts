/** One file of `before` → run from its first statement to its last, or to the one that ends the loading. */
import { openText } from '../before/open-text.js';
import { readStatements, type ScriptItem } from '../before/read-statements.js';
import { withCopy } from '../copying/with-copy.js';
import { isDatabaseError } from '../database/database-error.js';
import { type Session, sessionSettings } from '../database/with-session.js';
import type { BeforeFile, SqlProblem } from '../model.js';
import { holdDefaultPrivileges, returnDefaultPrivileges, type Said } from './default-privileges.js';
import { describeProblem } from './describe-problem.js';
import { giveAway } from './give-away.js';
import { giveBackLineEnds } from './give-back-line-ends.js';
import { hostSchemas, isHostRole } from './host.js';
import { countLoaded, isACopy, type LoadContext, type SqlItem } from './load-context.js';
import { makeAccounts } from './make-accounts.js';
import { judgeCommand, noteUse, passOverWaiting, takeWaiting, waits } from './psql-commands.js';
import { openGuardedRunner } from './run-guarded.js';
import { runStatement } from './run-statement.js';

/** What a session of a Supabase project, and any other, begins with; a schema that is not there is passed over. */
const searchPath = 'set search_path = "$user", public, extensions';

/** So many that their locks find room, and so few that the transactions are not what takes the time. */
const statementsOfDump = 500;

type Options = Omit<LoadContext, 'session' | 'runner' | 'file'>;

/** Null: it was loaded to its end. */
export async function loadFile(
  session: Session,
  file: BeforeFile,
  options: Options,
): Promise<SqlProblem | null> {
  const { path, form } = file;
  // Nothing of what another file set or made for its session remains.
  const { ledger } = options;
  ledger.ended = null;
  ledger.elsewhere = null;
  ledger.isConnected = false;
  if (ledger.database === null) ledger.isDatabaseUsed = false;
  await session.query('discard all');
  await session.query('reset role');
  if (form.kind !== 'database')
    return loadText(session, { file, text: openText({ ...file, form }) }, options);
  await session.query(sessionSettings);
  return withCopy(session, { ...form, hostSchemas, isHostRole, signal: options.signal }, (text, missing) => {
    ledger.statements += missing.length;
    ledger.leftOut.push(
      ...missing.map(({ what, why }) => ({
        path,
        line: 1,
        kind: 'not copied' as const,
        statement: what,
        reason: why,
        meets: null,
      })),
    );
    return loadText(session, { file, text }, options);
  });
}

async function loadText(
  session: Session,
  { file, text }: { readonly file: BeforeFile; readonly text: AsyncIterable<string> },
  { deployer, ledger, ...options }: Options,
): Promise<SqlProblem | null> {
  await session.query(`${sessionSettings}; ${searchPath}`);
  const statementsPerTransaction = file.isDump ? statementsOfDump : Number.POSITIVE_INFINITY;
  const runner = openGuardedRunner(session, { statementsPerTransaction });
  const context: LoadContext = { session, runner, file, deployer, ledger, ...options };
  const isCopy = isACopy(file);
  const said: Said = { privileges: isCopy, defaults: isCopy };
  const at: { item: SqlItem | null } = { item: null };
  try {
    if (file.isDump) await holdDefaultPrivileges(runner);
    const statements = readStatements({ ...file, text });
    const script = file.hasWindowsLines === true ? giveBackLineEnds(statements) : statements;
    for await (const items of groupInserts(script, file.isDump)) {
      const problem = await runItems(context, items, at);
      if (problem !== null) return problem;
      for (const { text } of items) listen(said, text);
    }
    const problem = await runWaiting(context, undefined, at);
    if (problem !== null) return problem;
    passOverWaiting(ledger);
    at.item = null;
    await giveAway(context);
    if (ledger.isUnchecked) ledger.accounts += await makeAccounts(session, runner);
    ledger.isUnchecked = false;
    if (file.isDump) await returnDefaultPrivileges(runner, said);
    await runner.finish();
    return null;
  } catch (error: unknown) {
    // What a deferred constraint says at the end, or what we do ourselves for the statement.
    if (!isDatabaseError(error)) throw error;
    return describeProblem(error, { path: file.path, item: at.item, missing: ledger.missing });
  }
}

function listen(said: Said, text: string): void {
  if (/^(grant|revoke)\b/i.test(text)) said.privileges = true;
  if (/^alter\s+default\s+privileges\b/i.test(text)) said.defaults = true;
}

async function runItems(
  context: LoadContext,
  items: readonly ScriptItem[],
  at: { item: SqlItem | null },
): Promise<SqlProblem | null> {
  const { runner, file, ledger } = context;
  const [first] = items;
  if (waits(ledger, first)) return null;
  const waited = await runWaiting(context, first, at);
  if (waited !== null) return waited;
  const ofAnother = first === undefined || first.kind === 'command' ? null : noteUse(ledger, first.text);
  if (ofAnother !== null) return ofAnother;
  if (items.length > 1 && (await runner.runTogether(items.map(({ text }) => text)))) {
    for (const _ of items) countLoaded(ledger);
    return null;
  }
  for (const item of items) {
    if (item.kind !== 'command') at.item = item;
    const problem =
      item.kind === 'command' ? judgeCommand(file.path, item, ledger) : await runStatement(context, item);
    if (problem !== null) return problem;
  }
  return null;
}

async function runWaiting(
  context: LoadContext,
  next: ScriptItem | undefined,
  at: { item: SqlItem | null },
): Promise<SqlProblem | null> {
  for (const item of takeWaiting(context.ledger, next)) {
    const problem = await runItems(context, [item], at);
    if (problem !== null) return problem;
  }
  return null;
}

const mostTogether = 200;
const mostCharacters = 262_144;

/**
 * `pg_dump --inserts` writes a statement a row: many are sent at once. Only a dump's, which leave no value to a sequence: what
 * is undone because one of them failed, and run again one by one, gets the same values.
 */
async function* groupInserts(
  items: AsyncIterable<ScriptItem>,
  isDump: boolean,
): AsyncGenerator<readonly ScriptItem[]> {
  let group: ScriptItem[] = [];
  let characters = 0;
  for await (const item of items) {
    const isInsert = isDump && item.kind === 'statement' && /^insert\b/i.test(item.text);
    if (group.length > 0 && (!isInsert || group.length === mostTogether || characters > mostCharacters)) {
      yield group;
      group = [];
      characters = 0;
    }
    if (isInsert) {
      group.push(item);
      characters += item.text.length;
    } else yield [item];
  }
  if (group.length > 0) yield group;
}
