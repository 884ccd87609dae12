import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readDefinitions } from '../../src/database/fingerprint.js';
import { withSession } from '../../src/database/with-session.js';
import type { ConnectionSettings } from '../../src/postgres/connection.js';
import { compareBackup, readOwners } from '../../src/stages/backup/compare-backup.js';
import { withFolder } from '../support/notes-bundle.js';
import { addressOf, type NotesTarget, withNotesTarget } from '../support/notes-target.js';
import { installedPgDump } from '../support/pg-dump.js';
import { runCli } from '../support/run-cli.js';
import { runnersNode as node } from '../support/runner/find-node.js';
import { withGitHub } from '../support/runner/rehearsal.js';
import { runAction } from '../support/runner/run-action.js';
import { getTestServer, withClient, withTestDatabase, withTestServer } from '../support/server.js';
import { type ServicesDouble, withRunnerServices } from '../support/services-double.js';

const notes = path.resolve(import.meta.dirname, '../fixtures/bundles/notes');
const key = 'a key of thirty-two characters!!';

describe('a deployment on a runner', () => {
  const deploy = (
    target: NotesTarget,
    services: Pick<ServicesDouble, 'environment'>,
    inputs: Readonly<Record<string, string>>,
  ) =>
    withGitHub({}, (github) =>
      runAction({
        node,
        github,
        environment: { PGBIN: installedPgDump?.folder, ...services.environment },
        inputs: {
          command: 'deploy',
          bundle: notes,
          'database-url': addressOf(target.connection),
          confirm: target.database,
          'github-token': 'ghs-workflow-0001',
          ...inputs,
        },
      }),
    );

  it.each(installedPgDump === null ? ['copy'] : ['copy', 'dump'])(
    'has its %s out of the house before it begins, and what was there comes back from it',
    async (kind) => {
      await withFolder((folder) =>
        withServerFor(kind, (connection, restored) =>
          withNotesTarget(
            (target) =>
              withRunnerServices({}, async (services) => {
                const before = await look(target.connection);
                const file = path.join(folder, 'notes.backup');
                const inputs = { backup: kind, 'backup-out': file, 'backup-key': key };
                const step = await deploy(target, services, inputs);
                expect(step).toMatchObject({
                  exitCode: 0,
                  outputs: {
                    committed: 'true',
                    'backup-file': file,
                    'backup-artifact-url': 'https://github.com/acme/app/actions/runs/1007/artifacts/4711',
                  },
                });
                expect(step.summary).toContain(
                  'uploaded as an artifact of the run before anything was begun',
                );
                const [sent, report] = services.artifacts;
                expect([sent?.name, report?.name]).toEqual([
                  `schema-fix-backup-${step.outputs['backup-digest']?.slice(0, 12)}`,
                  expect.stringMatching(/^schema-fix-deploy-/),
                ]);
                expect(sent?.content.includes(await readFile(file))).toBe(true);
                expect(step.output + step.summary + step.json).not.toContain(key);

                const words = ['--database-url', addressOf(restored), '--confirm', restored.database];
                const back = await runCli(['restore', file, ...words], { SCHEMA_FIX_BACKUP_KEY: key });
                expect(back.exitCode).toBe(0);
                const leeway = { hostSchemas: [], excused: [] };
                expect(compareBackup(before, await look(restored), leeway).differing).toEqual([]);
              }),
            connection,
          ),
        ),
      );
    },
  );

  it('begins nothing where the backup cannot be uploaded, and none is asked for where somebody has one', async () => {
    await withNotesTarget(async (target) => {
      await withFolder((folder) =>
        withRunnerServices({ refuses: true }, async (services) => {
          const inputs = { backup: 'copy', 'backup-out': path.join(folder, 'x'), 'backup-key': key };
          const step = await deploy(target, services, inputs);
          expect(step).toMatchObject({ exitCode: 1, outputs: { verdict: 'fail' } });
          expect(step.summary).toMatch(/could not be uploaded .*no storage left.*, so nothing was begun/);
          expect(await target.changes()).toEqual([]);
        }),
      );
      const note = 'the snapshot of this night';
      const inputs = { backup: 'confirmed', 'backup-note': note };
      const step = await deploy(target, { environment: {} }, inputs);
      expect(step).toMatchObject({ exitCode: 0, outputs: { committed: 'true' } });
      expect(step.summary).toContain(note);
    });
  });
});

/** For a dump one that the machine's pg_dump can dump. With an empty database on it. */
function withServerFor<T>(
  kind: string,
  work: (connection: ConnectionSettings, empty: ConnectionSettings) => Promise<T>,
): Promise<T> {
  if (kind === 'copy') return withTestDatabase((empty) => work(getTestServer().connection, empty));
  const dumped = { source: 'installed', major: installedPgDump?.major ?? null } as const;
  return withTestServer(dumped, async ({ connection }) => {
    await withClient(connection, (client) => client.query('create database restored'));
    return work(connection, { ...connection, database: 'restored' });
  });
}

function look(connection: ConnectionSettings) {
  return withSession(connection, async (session) => ({
    objects: await readDefinitions(session),
    owners: await readOwners(session),
  }));
}
