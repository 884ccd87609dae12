/** A legacy database → its whole rehearsal and, on the same database, what the oracle has to say → what is wrong. */
import { readFileSync } from 'node:fs';
import type { ThrowawayDatabases } from '../../../src/database/throwaway-databases.js';
import { type Session, withSession } from '../../../src/database/with-session.js';
import { withRollback, withTransaction } from '../../../src/database/with-transaction.js';
import type { Bundle, StateExpectation, SubjectResult } from '../../../src/model.js';
import { failureText } from '../../../src/report/failure-text.js';
import { rerunFailure } from '../../../src/report/return-failures.js';
import { subjectFailures } from '../../../src/report/subject-cases.js';
import { makePrelude } from '../../../src/stages/prelude.js';
import { rehearseState } from '../../../src/stages/rehearse-state.js';
import { rerunSections } from '../../../src/stages/rerun-sections.js';
import { setSettings } from '../../../src/stages/set-settings.js';
import { applyBundle, tryBundle } from '../apply-bundle.js';
import { withBuiltState } from '../built-state.js';
import { acknowledging } from '../chat/acknowledging.js';
import { judgeNames } from '../chat/judge-names.js';
import { limits } from '../limits.js';
import { judgeConversations } from './judge-conversations.js';
import { judgeHanging } from './judge-hanging.js';
import { judgeLeftovers } from './judge-leftovers.js';
import { judgeReading } from './judge-reading.js';
import { judgeRows } from './judge-rows.js';
import type { LegacyDatabase } from './legacy-database.js';
import { observeRooms } from './observe-rooms.js';
import { renderState } from './render-state.js';
import { useApplication } from './use-application.js';

const guidesRollback = readFileSync('__tests__/fixtures/guide-rollback.sql', 'utf8');

/**
 * Applied, used, applied again, and judged by what only these tests know. `withProofs` rehearses it too: what the manifest and
 * the access rules of the chat do not yet declare for databases drawn at random is then a problem as well. What a user would be
 * asked is acknowledged: most of these databases would be refused otherwise, and nothing of what the fix does then be seen.
 */
export async function rehearseLegacy(
  databases: ThrowawayDatabases,
  asked: Bundle,
  database: LegacyDatabase,
  { withProofs }: { readonly withProofs: boolean },
): Promise<string[]> {
  const state = renderState(database, 'drawn');
  let refusal: string | null = null;
  let bundle = asked;
  const problems = await withBuiltState(databases, asked, state, ({ connection }) =>
    withSession(connection, async (session) => {
      bundle = await asDeployer(session, database, () => acknowledgeAll(session, asked));
      const refused = await asDeployer(session, database, () => applyOrRefuse(session, bundle));
      const { expectation } = state;
      if (expectation.kind === 'refuse') {
        return refused?.startsWith(expectation.sqlstate)
          ? []
          : [`not refused with ${expectation.sqlstate}: ${refused}`];
      }
      refusal = refused !== null && mayRefuse.test(refused) ? refused.slice(0, 5) : null;
      if (refused !== null) return refusal === null ? [refused] : [];
      return judge(session, bundle, database);
    }),
  );
  if (!withProofs) return problems;
  const expectation: StateExpectation =
    refusal === null ? state.expectation : { kind: 'refuse', sqlstate: refusal };
  const result = await rehearseState(
    databases,
    bundle,
    { ...state, expectation },
    {
      sections: bundle.sections,
      ...limits,
      isStrict: false,
      isTrusted: true,
      progress: () => undefined,
    },
  );
  return [...problemsOf(result), ...problems];
}

async function acknowledgeAll(session: Session, bundle: Bundle): Promise<Bundle> {
  return withRollback(session, async () => {
    await setSettings(session, bundle);
    if ((await makePrelude(session, bundle)) !== null) return bundle;
    const { rows } = await session.query<{ name: string }>(
      'select distinct name from schema_fix.decisions()',
    );
    return acknowledging(
      bundle,
      rows.map(({ name }) => name),
    );
  });
}

/** What cannot be acknowledged, and tables whose owner revoked even reading from themselves. */
const mayRefuse = /^(0A000: \d+ to be decided first: |42501: permission denied for table )/;

async function applyOrRefuse(session: Session, bundle: Bundle): Promise<string | null> {
  await session.query('begin');
  const problem = await tryBundle(session, bundle);
  await session.query(problem === null ? 'commit' : 'rollback');
  return problem === null ? null : `${problem.sqlstate}: ${problem.message}`;
}

function problemsOf(result: SubjectResult): string[] {
  const failures = subjectFailures(result, true);
  return failures.map((failure) => `${failure.title}: ${failureText(failure)}`);
}

/** After the fix; when it is applied again after the application was in use; and after the guide's manual rollback. */
async function judge(session: Session, bundle: Bundle, database: LegacyDatabase): Promise<string[]> {
  const now = await observeRooms(session, database);
  const repaired = [
    ...(await judgeRows(session, database, now)),
    ...(await judgeHanging(session, database)),
    ...(await judgeReading(session, database, now)),
    ...(await judgeLeftovers(session, database)),
    ...(await judgeConversations(session, database, now)),
    ...(await judgeNames(session)),
  ];
  if (repaired.length > 0) return repaired;

  await useApplication(session, database, now, 1);
  const used = await asDeployer(session, database, () => judgeRerun(session, bundle));
  if (used.length > 0) return used.map((problem) => `after use: ${problem}`);

  await asDeployer(session, database, async () => {
    await session.query(`set search_path = public; ${guidesRollback}; set search_path = ''`);
    await withTransaction(session, () => applyBundle(session, bundle));
  });
  const repairedAgain = [
    ...(await judgeReading(session, database, now)),
    ...(await asDeployer(session, database, () => judgeRerun(session, bundle))),
  ];
  await useApplication(session, database, now, 2);
  return repairedAgain.map((problem) => `after the manual rollback: ${problem}`);
}

async function judgeRerun(session: Session, bundle: Bundle): Promise<string[]> {
  const result = await withRollback(session, () =>
    rerunSections(session, bundle, bundle.sections, { trustsCounters: false, definitions: null }),
  );
  return result.outcome === 'pass' ? [] : [failureText(rerunFailure(result))];
}

/** The session becomes the deployer's, and the superuser's again. */
async function asDeployer<T>(
  session: Session,
  { deployer }: LegacyDatabase,
  work: () => Promise<T>,
): Promise<T> {
  await session.query(`set session authorization ${deployer}; set search_path = ''`);
  try {
    return await work();
  } finally {
    await session.query('reset session authorization');
  }
}
