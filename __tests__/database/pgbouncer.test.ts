/** What the pooler of the tests stands for, asked of a real one, where this machine has it. */
import { describe, expect, it } from '@jest/globals';
import { differences } from '../../src/database/fingerprint.js';
import { deployNotes } from '../support/deploy-notes.js';
import { withNotesTarget } from '../support/notes-target.js';
import { installedPgbouncer, type PgbouncerOptions, withPgbouncer } from '../support/pgbouncer.js';
import { loadInto, lookAt, useProjects } from '../support/project-database.js';

const isThere = installedPgbouncer !== null;
if (!isThere)
  process.stderr.write('pgbouncer is not installed: its tests are skipped (apt-get install pgbouncer)\n');

(isThere ? describe : describe.skip)('a real pgbouncer', () => {
  const deploy = (options: PgbouncerOptions) =>
    withNotesTarget((target) =>
      withPgbouncer(target.connection, options, async (port) => {
        const databaseUrl = `postgres://anybody@127.0.0.1:${port}/${target.database}?sslmode=disable`;
        const report = await deployNotes(target, {}, { databaseUrl, confirm: target.database }).catch(
          (error: Error) => error.message,
        );
        return { report, isChanged: (await target.changes()).length > 0 };
      }),
    );

  it.each([
    ['transactions', { mode: 'transaction' }, 'is a transaction pooler'],
    ['statements', { mode: 'statement' }, 'is a statement pooler'],
    ['one session', { mode: 'session', size: 1 }, 'gave no second session beside the first'],
  ] as const)(
    'of %s is refused, and nothing is changed',
    async (_, options, words) => {
      expect(await deploy(options)).toEqual({ report: expect.stringContaining(words), isChanged: false });
    },
    60_000,
  );

  it('of sessions is deployed through', async () => {
    expect(await deploy({ mode: 'session' })).toMatchObject({ report: { verdict: 'pass' }, isChanged: true });
  }, 60_000);

  const projects = useProjects();

  it('of transactions gives what --before copies', async () => {
    const made = `create table public.rooms (id bigint primary key, name text);
      create table public.messages (id bigint primary key, room bigint references public.rooms (id), words text);
      insert into public.rooms select n, 'room ' || n from generate_series(1, 50) as n;
      insert into public.messages select n, 1 + n % 50, repeat('x', 1000) from generate_series(1, 3000) as n`;
    await projects().withProject(async (from) => {
      await from.session.query(`set role ${from.deployer}; ${made}; reset role`);
      await withPgbouncer(from.connection, { mode: 'transaction' }, (port) =>
        projects().withProject(async (to) => {
          const address = `postgres://anybody@127.0.0.1:${port}/any?sslmode=disable`;
          const { problem, catalog, rows } = await loadInto(to, [address], {}, 'all');
          const there = await lookAt(from);
          expect(problem).toBeNull();
          expect(differences(there.catalog, catalog)).toEqual([]);
          expect(differences(there.rows, rows)).toEqual([]);
        }),
      );
    });
  }, 60_000);
});
