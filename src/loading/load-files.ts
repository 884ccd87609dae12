/** The files of `before` → a database in which they were run, as their own tools would have, and the list of what could not be. */
import { openText } from '../before/open-text.js';
import { readStatements } from '../before/read-statements.js';
import { isDatabaseError } from '../database/database-error.js';
import { quoteIdentifier } from '../database/quote.js';
import { type Session, sessionSettings } from '../database/with-session.js';
import type { BeforeFile, LoadingResult, SqlProblem, StandIn } from '../model.js';
import { holdDefaultPrivileges, returnDefaultPrivileges } from './default-privileges.js';
import { describeProblem } from './describe-problem.js';
import { closeLedger, openLedger } from './ledger.js';
import { makeAccounts } from './make-accounts.js';
import { judgeCommand } from './psql-commands.js';
import { openGuardedRunner } from './run-guarded.js';
import { type LoadContext, runStatement, type SqlItem } from './run-statement.js';

export interface LoadOptions {
  readonly deployer: string | null;
  /** Whether nothing may be left out. */
  readonly isStrict: boolean;
  /** The SQL of the fix, by which it is told whether it can meet what was left out. */
  readonly fix: readonly string[];
  /** What the platform has for extensions that the server has not. */
  readonly standIns: readonly StandIn[];
}

export interface Loaded {
  readonly loading: LoadingResult;
  /** The statement that ended it. */
  readonly problem: SqlProblem | null;
}

/** The session is the deployer's while it lasts, and has the host's `search_path`; the caller puts both right afterwards. */
export async function loadFiles(
  session: Session,
  files: readonly BeforeFile[],
  { isStrict, ...options }: LoadOptions,
): Promise<Loaded> {
  const ledger = openLedger();
  for (const file of files) {
    const problem = await loadFile(session, file, { ...options, ledger });
    if (problem !== null) return { loading: closeLedger(ledger, 'fail'), problem };
  }
  const isIncomplete = isStrict && ledger.leftOut.length > 0;
  return { loading: closeLedger(ledger, isIncomplete ? 'fail' : 'pass'), problem: null };
}

/** What a session of a Supabase project, and any other, begins with; a schema that is not there is passed over. */
const searchPath = 'set search_path = "$user", public, extensions';

/** So many that their locks find room, and so few that the transactions are not what takes the time. */
const statementsOfDump = 500;

async function loadFile(
  session: Session,
  file: BeforeFile,
  { deployer, ledger, ...options }: Pick<LoadContext, 'deployer' | 'ledger' | 'fix' | 'standIns'>,
): Promise<SqlProblem | null> {
  const become = deployer === null ? '' : `set session authorization ${quoteIdentifier(deployer)}; `;
  await session.query(`${become}${sessionSettings}; ${searchPath}`);
  const statementsPerTransaction = file.isDump ? statementsOfDump : Number.POSITIVE_INFINITY;
  const runner = openGuardedRunner(session, { deployer, statementsPerTransaction });
  const context: LoadContext = { session, runner, file, deployer, ledger, ...options };
  const said = { privileges: false, defaults: false };
  let last: SqlItem | null = null;
  try {
    const held = file.isDump ? await holdDefaultPrivileges(session, runner) : null;
    for await (const item of readStatements(openText(file))) {
      if (item.kind === 'command') {
        const problem = judgeCommand(file.path, item, ledger);
        if (problem !== null) return problem;
        continue;
      }
      last = item;
      const problem = await runStatement(context, item);
      if (problem !== null) return problem;
      if (/^(grant|revoke)\b/i.test(item.text)) said.privileges = true;
      if (/^alter\s+default\s+privileges\b/i.test(item.text)) said.defaults = true;
    }
    last = null;
    if (ledger.isReplica) ledger.accounts += await makeAccounts(session, runner);
    ledger.isReplica = false;
    if (held !== null) await returnDefaultPrivileges(session, runner, held, said);
    await runner.finish();
    return null;
  } catch (error: unknown) {
    // What a deferred constraint says at the end, or what we do ourselves for the statement.
    if (!isDatabaseError(error)) throw error;
    return describeProblem(error, { path: file.path, item: last, missing: ledger.missing });
  }
}
