/** One statement of a file → run; or left out, where the host is the reason; or the problem that ends the loading. */
import type { ScriptItem } from '../before/read-statements.js';
import { isDatabaseError } from '../database/database-error.js';
import { quoteIdentifier } from '../database/quote.js';
import type { SqlProblem } from '../model.js';
import { askHostWithin } from './ask-host-within.js';
import { type DescribedStatement, describeStatement } from './describe-statement.js';
import { isAboutEventTrigger, noteEventTrigger } from './event-triggers.js';
import { deployersName } from './host.js';
import { isRun } from './is-run.js';
import type { Ledger } from './ledger.js';
import { countLoaded, isACopy, type LoadContext, leave, type SqlItem } from './load-context.js';
import { withAccountsFor } from './make-accounts.js';
import { markRole } from './make-role.js';
import { mendStatement } from './mend-statement.js';
import { readHostCall } from './read-host-call.js';

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
  if (isAboutRole.test(item.text)) {
    const described = describeStatement(item.text);
    const reason = 'roles belong to the whole server, and no file makes this one';
    if (isOfAnother(ledger, described)) return leave(context, item, { kind: 'role', described, reason });
  }
  await grantToDeployer(context, item.text);
  try {
    await (item.kind === 'copy' ? copy(context, item) : run(context, item));
    if (isAboutEventTrigger.test(item.text)) noteEventTrigger(context, item);
    else countLoaded(ledger);
    return null;
  } catch (error: unknown) {
    if (!isDatabaseError(error)) throw error;
    const mended = await mendStatement(context, item, error);
    return mended === 'again' ? runStatement(context, item) : mended;
  }
}

/** The file was decoded already; who loads it, and beside whom, is not for the file to say; tablespaces, compression and statistics are another server’s. */
function isNotForUs(text: string): boolean {
  return /^(set\s+(session\s+|local\s+)?(client_encoding|default_tablespace|temp_tablespaces|default_toast_compression)\b|alter\s+(table|index|materialized\s+view)\s[^;]*\sset\s+tablespace\s+\S+$|set\s+(session\s+characteristics|transaction)|(re)?set\s+session\s+authorization|select\s+(\*\s+from\s+)?pg_catalog\.pg_restore_\w+_stats)\b/i.test(
    text,
  );
}

/** `pg_dump --clean` makes it anew, with its privileges only where they differ from what every database has. */
const isDropOfPublic = /^drop\s+schema\s+(if\s+exists\s+)?"?public"?\s*$/i;

/** Never run: on a server that is not ours it would be somebody's. */
const isAboutDatabase =
  /^(create|alter|drop)\s+(database|tablespace|subscription)\b|^alter\s+(role|user)\s+\S+\s+in\s+database\b|^alter\s+system\b|^(grant|revoke)\s[^;]*\son\s+(database|tablespace)\s/i;

/** From here on keys are not checked, so that rows may be keyed to accounts that are not there. */
const isUnchecked = /\bsession_replication_role\b.*\breplica\b|\bdisable\s+trigger\s+all\b/is;

/** Roles belong to the whole server, which may be somebody's: only those that the files made are theirs to change. */
const isAboutRole = /^(alter|drop)\s+(role|user|group)\s+(?!mapping\b)/i;
const makesRole = /^create\s+(role|user|group)\s+(?!mapping\b)/i;

function isOfAnother(ledger: Ledger, { roles }: DescribedStatement): boolean {
  return roles.some((role) => !ledger.madeRoles.has(role) && !ledger.roles.has(role));
}

/** A role of the files' that is granted to whom the deployer stands for: the deployer is to become it as well. */
async function grantToDeployer({ runner, ledger, deployer }: LoadContext, text: string): Promise<void> {
  const [, quoted, plain = '', member] = grantsOneRole.exec(text) ?? [];
  const role = quoted?.replaceAll('""', '"') ?? plain.toLowerCase();
  if (member !== deployersName || !ledger.madeRoles.has(role)) return;
  await isRun(() => runner.run(`grant ${quoteIdentifier(role)} to ${quoteIdentifier(deployer)}`));
}

/** As pg_dumpall writes each membership. */
const grantsOneRole = /^grant\s+(?:"((?:[^"]|"")+)"|([\w$]+))\s+to\s+"?([\w$]+)"?(?=\s|$)/i;

async function run({ runner, ledger, file }: LoadContext, { text }: SqlItem): Promise<void> {
  if (makesRole.test(text)) {
    await runner.run(text);
    for (const role of describeStatement(text).roles) {
      ledger.madeRoles.add(role);
      await markRole(runner, role);
    }
    return;
  }
  // What it would have done, a copy has, in whatever order that is made.
  const isInCopy = isACopy(file) && isAboutEventTrigger.test(text);
  await runner.run(isInCopy ? text : (readHostCall(text) ?? askHostWithin(text) ?? text));
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
