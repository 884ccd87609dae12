/** Settings and bundle → what a database that the fix was deployed to looks like now. It is read, and nothing is written. */
import { engineSql } from '../database/engine-sql.js';
import type { Session } from '../database/with-session.js';
import { withOneSnapshot } from '../database/with-transaction.js';
import { UserError } from '../errors.js';
import type { Bundle } from '../model.js';
import type { VerifySettings } from '../settings/settings.js';
import { placeOf } from '../stages/read-identity.js';
import { withReader } from '../stages/with-target.js';
import { recogniseFix } from '../stages/withhold-content.js';
import type { PastPolicies, VerifyReport, VerifyResult, WatchVerdict } from '../watched.js';
import { findDrift } from './find-drift.js';
import { judgeByChecks } from './judge-criteria.js';
import { verifyChecks } from './verify-checks.js';

export async function verify(
  settings: VerifySettings,
  bundle: Bundle,
  { signal }: { readonly signal: AbortSignal },
): Promise<VerifyReport> {
  const startedAt = new Date();
  const verified = await withReader(settings, { signal }, ({ session, connection, version }) =>
    withOneSnapshot(session, async (): Promise<VerifyResult> => {
      const about = await readServer(session);
      const found = {
        checks: await verifyChecks(session, bundle.checks, { ...settings, showsAll: false }),
        queries: await verifyChecks(session, bundle.verify, { ...settings, showsAll: true }),
        drift: await findDrift(session, bundle),
        pastPolicies: await findPastPolicies(session, bundle),
      };
      await assertUnwritten(session);
      return {
        place: placeOf(connection),
        serverVersion: version,
        ...about,
        ...found,
        isReadOnly: true,
        sslWarning: connection.sslWarning,
        reasons: await findReasons(session, bundle, found),
      };
    }),
  );
  return {
    formatVersion: 1,
    command: 'verify',
    verdict: judge(verified),
    bundle: { title: bundle.title, digest: bundle.digest },
    criteria: judgeByChecks(bundle.criteria, verified.checks),
    verify: verified,
    startedAt: startedAt.toISOString(),
    milliseconds: Date.now() - startedAt.getTime(),
  };
}

async function readServer(session: Session): Promise<Pick<VerifyResult, 'database' | 'role' | 'isReplica'>> {
  const { rows } = await session.query<Pick<VerifyResult, 'database' | 'role' | 'isReplica'>>(
    `select
        pg_catalog.current_database() as database, current_user as role,
        pg_catalog.pg_is_in_recovery() as "isReplica"`,
  );
  return rows[0] ?? { database: '', role: '', isReplica: false };
}

/** The server's own word: the transaction may not write, and was given no number, which it would have with the first row it wrote. */
async function assertUnwritten(session: Session): Promise<void> {
  const { rows } = await session.query<{ may_write: boolean; has_written: boolean }>(
    `select
        pg_catalog.current_setting('transaction_read_only') <> 'on' as may_write,
        pg_catalog.pg_current_xact_id_if_assigned() is not null as has_written`,
  );
  const [{ may_write: mayWrite, has_written: hasWritten } = { may_write: true, has_written: true }] = rows;
  if (!mayWrite && !hasWritten) return;
  throw new UserError(
    'The transaction in which the database was looked at could write. It was rolled back; please report it.',
    { exitCode: 3 },
  );
}

/** Those of the fix's own making are known. */
async function findPastPolicies(session: Session, bundle: Bundle): Promise<PastPolicies[]> {
  const roles = [...new Set(bundle.actors.map(({ role }) => role))];
  const { rows } = await session.query<{ kind: string; name: string; shown: string; why: string }>(
    engineSql('past_policies'),
    [bundle.tables, roles],
  );
  const isOfFix = recogniseFix(bundle);
  const own = new Set([...bundle.tables, ...bundle.adds, ...viewsOf(bundle)]);
  return rows
    .filter(({ kind, name }) => (kind === 'function' ? !isOfFix(name) : !own.has(name)))
    .map(({ kind, shown, why }) => ({ object: `${kind} ${shown}`, why }));
}

function viewsOf({ sections }: Pick<Bundle, 'sections'>): string[] {
  const files = sections.flatMap(({ file, parts }) => [file, ...parts]);
  return files.flatMap(({ text }) =>
    [...text.matchAll(/\bcreate\s+(?:or\s+replace\s+)?view\s+(\w+\.\w+)/gi)].map(([, name = '']) =>
      name.toLowerCase(),
    ),
  );
}

type Found = Pick<VerifyResult, 'checks' | 'queries' | 'drift'>;

async function findReasons(session: Session, bundle: Bundle, found: Found): Promise<string[]> {
  const { rows } = await session.query<{ tables: number }>(
    `select pg_catalog.count(*)::int4 as tables
     from pg_catalog.pg_class as c
     inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
     where c.relkind in ('r', 'p') and n.nspname || '.' || c.relname = any($1::text[])`,
    [bundle.tables],
  );
  const isElsewhere = (rows[0]?.tables ?? 0) === 0;
  return [
    ...(isElsewhere
      ? [
          'The database has none of the tables of this fix. It is most likely another than you mean: look at database-url.',
        ]
      : []),
    ...[...found.checks, ...found.queries]
      .filter(({ outcome }) => outcome === 'not proven')
      .map(({ title, reason }) => `${title}: ${reason ?? 'this role may not read what it asks'}.`),
    ...(found.drift.kind === 'unknown' ? [found.drift.reason] : []),
    ...(found.drift.kind === 'compared' && !found.drift.comparesRoles
      ? [
          'The deployment was by an older version, which did not record what roles may do beside what is granted (memberships, bypassing row level security). Deploy again, which records it.',
        ]
      : []),
  ];
}

function judge({ checks, queries, drift, reasons }: VerifyResult): WatchVerdict {
  const isFailed = [...checks, ...queries].some(({ outcome }) => outcome === 'fail');
  const isDrifted = drift.kind === 'compared' && drift.changes.some(({ isOfFix }) => isOfFix);
  if (isFailed || isDrifted) return 'fail';
  return reasons.length > 0 || checks.length === 0 ? 'not proven' : 'pass';
}
