/** What happens when a second fix, or the application, comes while the fix is under way. */
import {
  differences,
  type Fingerprint,
  fingerprintCatalog,
  fingerprintData,
} from '../../../src/database/fingerprint.js';
import type { Session } from '../../../src/database/with-session.js';
import type { SubjectResult } from '../../../src/model.js';
import { deployTarget } from '../../../src/stages/deploy-target.js';
import { tryBundle } from '../apply-bundle.js';
import { limits } from '../limits.js';
import { interleave, untilItWaits } from './interleave.js';
import { type Arena, type Race, readValue, withSessionOf } from './race.js';

/** An empty database has no tables to lock; one that is half migrated has them all. */
const emptyDatabase = 1;
const halfMigrated = 3;

export const fixRaces: readonly Race[] = [
  {
    name: 'a second fix of an empty database',
    ground: emptyDatabase,
    expected: { hasWaited: true, first: 'applied', second: 'applied', changed: [] },
    play: playTwoScripts,
  },
  {
    name: 'a second fix of a legacy database',
    ground: halfMigrated,
    expected: { hasWaited: true, first: 'applied', second: 'applied', changed: [] },
    play: playTwoScripts,
  },
  {
    name: 'two deployments at once',
    ground: halfMigrated,
    expected: ['pass', 'pass'],
    play: (arena) => {
      const deploy = () => withSessionOf(arena, 'deployer', (session) => runDeployment(arena, session));
      return Promise.all([deploy(), deploy()]).then((results) => results.map(({ outcome }) => outcome));
    },
  },
  {
    name: 'a message sent just before the fix',
    ground: halfMigrated,
    expected: { outcome: 'pass', messages: 1 },
    play: playDeploymentDuringWrite,
  },
  {
    name: 'a message sent during the fix',
    ground: halfMigrated,
    expected: { hasWaited: true, first: 'applied', second: 'sent', messages: 1 },
    play: async (arena) => {
      const before = await countMessages(arena);
      const played = await withSessionOf(arena, 'deployer', (fixing) =>
        withSessionOf(arena, 'deployer', (sending) =>
          interleave(
            { session: fixing, act: (session) => applyFix(arena, session) },
            { session: sending, act: send },
            arena,
          ),
        ),
      );
      return { ...played, messages: (await countMessages(arena)) - before };
    },
  },
];

/** As psql runs the printed script: the fix's own locks are all there is. */
async function playTwoScripts(arena: Arena): Promise<unknown> {
  const apply = (session: Session) => applyFix(arena, session);
  let afterOne: Fingerprint = new Map();
  const played = await withSessionOf(arena, 'deployer', (one) =>
    withSessionOf(arena, 'deployer', (other) =>
      interleave(
        {
          session: one,
          act: async (session) => {
            const outcome = await apply(session);
            afterOne = await fingerprint(arena, session);
            return outcome;
          },
        },
        { session: other, act: apply },
        arena,
      ),
    ),
  );
  const afterTwo = await withSessionOf(arena, 'deployer', (session) => fingerprint(arena, session));
  return { ...played, changed: differences(afterOne, afterTwo) };
}

/** The message's transaction is open when the deployment comes, which gives way and tries again. */
function playDeploymentDuringWrite(arena: Arena): Promise<unknown> {
  return withSessionOf(arena, 'deployer', (sending) =>
    withSessionOf(arena, 'deployer', async (deploying) => {
      const before = await countMessages(arena);
      const { rows } = await deploying.query<{ pid: number }>('select pg_catalog.pg_backend_pid() as pid');
      await sending.query('begin');
      await send(sending);
      const deployment = runDeployment(arena, deploying);
      await untilItWaits(arena.observer, rows[0]?.pid, () => false);
      await sending.query('commit');
      const { outcome } = await deployment;
      return { outcome, messages: (await countMessages(arena)) - before };
    }),
  );
}

async function applyFix({ bundle }: Arena, session: Session): Promise<string> {
  const problem = await tryBundle(session, bundle);
  return problem === null ? 'applied' : `${problem.sqlstate}: ${problem.message}`;
}

function runDeployment({ bundle }: Arena, session: Session): Promise<SubjectResult> {
  return deployTarget(session, bundle, {
    sections: bundle.sections,
    ...limits,
    guards: null,
    record: null,
    place: 'here',
    findings: [],
    progress: () => undefined,
  });
}

async function send(session: Session): Promise<string> {
  await session.query(
    `insert into public.chat_messages (room_id, sender, content)
     select id, created_by, 'at that very moment' from public.chat_rooms limit 1`,
  );
  return 'sent';
}

async function countMessages({ observer }: Arena): Promise<number> {
  return Number(await readValue(observer, 'select count(*) from public.chat_messages'));
}

async function fingerprint({ bundle }: Arena, session: Session): Promise<Fingerprint> {
  const tables = bundle.quarantine === null ? bundle.tables : [...bundle.tables, bundle.quarantine];
  return new Map([...(await fingerprintCatalog(session)), ...(await fingerprintData(session, tables))]);
}
