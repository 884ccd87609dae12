/** What `verify` finds on a database that a fix was deployed to; it writes nothing, whatever a check tries. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadBundle } from '../../src/bundle/load-bundle.js';
import { sqlFolder } from '../../src/locate-bundle.js';
import type { ConnectionSettings } from '../../src/postgres/connection.js';
import { describe as describePage } from '../../src/watch-over.js';
import type { MonitorReport, VerifyReport } from '../../src/watched.js';
import { monitor } from '../../src/watching/monitor.js';
import { verify } from '../../src/watching/verify.js';
import { withCopiedServer } from '../support/copied-server.js';
import { deployNotes } from '../support/deploy-notes.js';
import { type Changes, withFolder, withNotesBundle } from '../support/notes-bundle.js';
import { addressOf, makeNotesTarget, type NotesTarget, withNotesTarget } from '../support/notes-target.js';
import { rollBackNotes } from '../support/return-notes.js';
import { withClient, withTestServer } from '../support/server.js';

function verifyNotes(
  target: NotesTarget,
  {
    changes = {},
    database,
    timeLimit = 10_000,
  }: { changes?: Changes; database?: string; timeLimit?: number } = {},
): Promise<VerifyReport> {
  return withNotesBundle(changes, async (folder) =>
    verify(
      {
        command: 'verify',
        bundle: folder,
        databaseUrl: addressOf(target.connection, database === undefined ? {} : { database }),
        databaseCa: null,
        timeLimit,
        files: { json: null, markdown: null, html: null, junit: null },
      },
      await loadBundle(folder, sqlFolder()),
      { signal: new AbortController().signal },
    ),
  );
}

async function deploy(target: NotesTarget): Promise<void> {
  expect((await deployNotes(target)).verdict).toBe('pass');
}

const change = (target: NotesTarget, sql: string) =>
  withClient(target.connection, (client) => client.query(sql));

const header = '--! Title: Another\n\n';

describe('verify', () => {
  it('finds nothing after a deployment, each change that is made then, and nothing again once it is undone', async () => {
    await withNotesTarget(
      async (target) => {
        await deploy(target);
        const clean = await verifyNotes(target);
        expect(clean).toMatchObject({
          verdict: 'pass',
          verify: {
            isReadOnly: true,
            isReplica: false,
            drift: { kind: 'compared', changes: [] },
            reasons: [],
          },
        });
        expect(describePage(clean).rest).toBe(`, ${clean.verify.place} is as it was deployed`);

        await change(
          target,
          'create policy more on public.notes using (true); create table public.elsewhere (id int)',
        );
        const drifted = await verifyNotes(target);
        expect(drifted.verdict).toBe('fail');
        const { drift } = drifted.verify;
        const changes = drift.kind === 'compared' ? drift.changes : [];
        expect(changes[0]).toMatchObject({
          object: 'policy more on public.notes',
          before: null,
          after: expect.stringContaining('using true'),
          isOfFix: true,
        });
        expect(changes).toContainEqual(
          expect.objectContaining({ object: 'table public.elsewhere', isOfFix: false }),
        );
        expect(describePage(drifted).rest).toContain('1 definition has changed since the deployment');

        await change(target, 'drop policy more on public.notes');
        expect((await verifyNotes(target)).verdict).toBe('pass');

        // What no definition says: a role that the tables name may do more, or is somebody else as well.
        for (const [wider, back, said] of [
          ['alter role app_user bypassrls', 'alter role app_user nobypassrls', 'bypasses row level security'],
          [
            'grant pg_read_all_data to app_user',
            'revoke pg_read_all_data from app_user',
            'member of pg_read_all_data',
          ],
        ] as const) {
          await change(target, wider);
          const { verdict, verify: found } = await verifyNotes(target);
          expect(verdict).toBe('fail');
          const [first] = found.drift.kind === 'compared' ? found.drift.changes : [];
          expect(first).toMatchObject({ object: 'role app_user', after: said, isOfFix: true });
          await change(target, back);
        }
        // Told, and no failure: somebody new is a member, a setting, a privilege that the owner has anyway.
        await change(
          target,
          `create role newcomer; grant app_user to newcomer; alter role app_user set statement_timeout = '1min';
         grant select on notes_quarantine.rows to app_user; revoke select on notes_quarantine.rows from app_user`,
        );
        const ordinary = await verifyNotes(target);
        await change(target, 'drop role newcomer; alter role app_user reset statement_timeout');
        const told = ordinary.verify.drift.kind === 'compared' ? ordinary.verify.drift.changes : [];
        expect([ordinary.verdict, told.map(({ object }) => object)]).toEqual([
          'pass',
          [
            'column public.elsewhere.id',
            'table public.elsewhere',
            'membership of newcomer in app_user',
            'settings of role app_user',
          ],
        ]);

        const [ordinarily] = [describePage(ordinary).rest];
        expect(ordinarily).toBe(
          `, ${ordinary.verify.place} is as it was deployed as far as the fix goes; 4 other definitions have changed`,
        );

        const forged = `update schema_fix_history.runs set definitions_after = definitions_after || '{"table public.x": "y"}'`;
        await change(target, forged);
        const { verdict, verify: found } = await verifyNotes(target);
        expect(verdict).toBe('not proven');
        expect(found.drift).toMatchObject({
          reason: expect.stringContaining('is not what the engine wrote'),
        });
      },
      undefined,
      true,
    );
  });

  it('fails where numbers of the tables begin again, and says that the quarantine was emptied', async () => {
    await withNotesTarget(async (target) => {
      await deploy(target);
      await change(target, "insert into public.notes (author, body) values ('ann', 'more')");
      expect((await verifyNotes(target)).verdict).toBe('pass');
      await change(target, 'delete from notes_quarantine.rows');
      const emptied = await verifyNotes(target);
      expect(emptied).toMatchObject({
        verdict: 'pass',
        verify: {
          drift: {
            changes: [{ object: 'rows of notes_quarantine.rows', before: '1', after: '0', isOfFix: false }],
          },
        },
      });
      expect(describePage(emptied).rest).toContain('1 other definition has changed');
      await change(target, 'alter sequence public.notes_id_seq restart');
      expect(await verifyNotes(target)).toMatchObject({
        verdict: 'fail',
        verify: {
          drift: {
            changes: [{ object: 'numbers of public.notes_id_seq', isOfFix: true }, { isOfFix: false }],
          },
        },
      });
    });
  });

  it('fails where what the policies and triggers of the tables ask was replaced, also where that names none of them', async () => {
    const asks = `
      create table public.teams (member text, team text);
      alter table public.teams enable row level security;
      create function public.my_teams() returns setof text language sql stable security definer
          as 'select team from public.teams where member = current_user';
      create function public.logged() returns trigger language plpgsql
          as 'begin perform from public.my_teams(); return new; end';
      create table public.apart (id int);
      create function public.apart() returns int language sql as 'select 1';
      create trigger logged after insert on public.notes for each row execute function public.logged();`;
    await withNotesTarget(
      async (target) => {
        await change(target, asks);
        await deploy(target);
        expect((await verifyNotes(target)).verdict).toBe('pass');
        for (const [changed, object] of [
          [
            "create or replace function public.my_teams() returns setof text language sql stable security definer as 'select team from public.teams'",
            'function public.my_teams()',
          ],
          [
            "create or replace function public.logged() returns trigger language plpgsql as 'begin return null; end'",
            'function public.logged()',
          ],
          ['create policy anybody on public.teams using (true)', 'policy anybody on public.teams'],
          ['alter table public.teams disable row level security', 'table public.teams'],
          ["create or replace function public.apart() returns int language sql as 'select 2'", null],
        ] as const) {
          const { verify: before } = await verifyNotes(target);
          await change(target, changed);
          const { verify: after } = await verifyNotes(target);
          const failing = ({ drift }: typeof after) =>
            drift.kind === 'compared'
              ? drift.changes.filter(({ isOfFix }) => isOfFix).map((it) => it.object)
              : [];
          expect(failing(after).filter((it) => !failing(before).includes(it))).toEqual(
            object === null ? [] : [object],
          );
        }
      },
      undefined,
      true,
    );
  });

  it('proves nothing of definitions where no deployment has left a record', async () => {
    await withNotesTarget(async (target) => {
      const { verdict, verify: found } = await verifyNotes(target);
      expect(verdict).not.toBe('pass');
      expect(found.drift).toMatchObject({
        kind: 'unknown',
        reason: expect.stringContaining('has left a record'),
      });
    });
  });

  it('names what reads past the policies', async () => {
    await withNotesTarget(async (target) => {
      await change(
        target,
        `create function public.leak() returns bigint language sql security definer as 'select count(*) from public.notes';
         create function public.no_leak() returns bigint language sql as 'select count(*) from public.notes';
         create view public.all_notes as select * from public.notes;
         create view public.own_notes with (security_invoker = on) as select * from public.notes;
         grant select on public.all_notes, public.own_notes to app_user`,
      );
      const { verify: found } = await verifyNotes(target);
      expect(found.pastPolicies.map(({ object }) => object)).toEqual([
        'function public.leak()',
        'view public.all_notes',
      ]);
    });
  });

  it('lets no check write', async () => {
    await withNotesTarget(async (target) => {
      const changes = {
        'checks/07_inserts.sql': `${header}insert into public.notes (body) values (1);\n`,
        'checks/08_takes_leave.sql': `${header}set transaction_read_only = off;\n`,
        'checks/09_counts.sql': `${header}select pg_catalog.nextval('public.numbers');\n`,
      };
      await change(target, 'create sequence public.numbers');
      const { verify: found } = await verifyNotes(target, { changes });
      const reasons = found.checks
        .filter(({ title }) => title.endsWith('Another'))
        .map(({ reason }) => reason);
      // read_only_sql_transaction, active_sql_transaction
      expect(reasons).toEqual([
        expect.stringContaining('SQLSTATE 25006'),
        expect.stringContaining('SQLSTATE 25001'),
        expect.stringContaining('SQLSTATE 25006'),
      ]);
    });
  });

  it('takes a check that is not finished in time for not proven', async () => {
    await withNotesTarget(async (target) => {
      const changes = {
        'checks/09_another.sql': `${header}select 'x' as object, 'x' as expected, pg_catalog.pg_sleep(20)::text as actual, true as pass;\n`,
      };
      const { verify: found } = await verifyNotes(target, { changes, timeLimit: 300 });
      expect(found.checks.find(({ title }) => title === '9 Another')).toMatchObject({
        outcome: 'not proven',
        reason: 'it was not finished within the time limit',
      });
      expect(found.reasons).toContain('9 Another: it was not finished within the time limit.');
    });
  });

  it('says of a database without the tables that it is most likely another', async () => {
    await withNotesTarget(async (target) => {
      await change(target, 'drop table public.notes cascade');
      const report = await verifyNotes(target);
      expect(report.verdict).not.toBe('pass');
      expect(report.verify.reasons[0]).toContain('has none of the tables of this fix');
    });
  });

  it('proves nothing as a role that may read nothing, and says what it may not', async () => {
    await withNotesTarget(async (target) => {
      await deploy(target);
      const reader = `reader_of_${target.database}`;
      await change(target, `create role ${reader} login password 'nothing'`);
      try {
        const connection = { ...target.connection, user: reader, password: 'nothing' };
        const counts = `${header}select 'rows' as object, '4' as expected, count(*)::text as actual, true as pass from public.notes;\n`;
        const changes = { 'checks/09_counts.sql': counts };
        const { verdict, verify: found } = await verifyNotes({ ...target, connection }, { changes });
        expect(verdict).toBe('not proven');
        expect(found.role).toBe(reader);
        expect(found.drift).toMatchObject({
          kind: 'unknown',
          reason: expect.stringContaining('may not read'),
        });
        expect(found.reasons.join('\n')).toContain('9 Another: this role may not read what it asks.');
      } finally {
        await change(target, `drop role ${reader}`);
      }
    });
  });

  it('is content with a database that is set to read only', async () => {
    await withNotesTarget(async (target) => {
      await deploy(target);
      await change(target, `alter database ${target.database} set default_transaction_read_only = on`);
      expect((await verifyNotes(target)).verdict).toBe('pass');
    });
  });
});

/** By a log with one error before the deployment, and nothing of the application after it. */
function monitorNotes(target: NotesTarget): Promise<MonitorReport> {
  const line = (minutes: number, rest: string) =>
    `${new Date(Date.now() + minutes * 60_000).toISOString().replace('T', ' ').replace('Z', ' UTC')} [7] ${rest}\n`;
  return withFolder((place) =>
    withNotesBundle({}, async (folder) => {
      const log = path.join(place, 'postgres.log');
      await writeFile(
        log,
        line(-60, 'ERROR:  permission denied for table notes') + line(90, 'LOG:  checkpoint starting: time'),
      );
      return monitor(
        {
          command: 'monitor',
          bundle: folder,
          logs: [log],
          log: { prefix: null, zone: null },
          supabase: null,
          deployedAt: null,
          databaseUrl: addressOf(target.connection),
          databaseCa: null,
          since: null,
          files: { json: null, markdown: null, html: null, junit: null },
        },
        await loadBundle(folder, sqlFolder()),
        { signal: new AbortController().signal },
      );
    }),
  );
}

describe('verify, where the server is another', () => {
  it('compares on a replica, too, and says when a definition was changed where the server keeps it', async () => {
    await withTestServer({}, async ({ connection }) => {
      const target = await makeNotesTarget(connection);
      await deploy(target);
      const on = (copy: ConnectionSettings): NotesTarget => ({
        ...target,
        connection: { ...copy, database: target.database },
      });
      await withCopiedServer(connection, { isReplica: true }, async (replica) => {
        expect(await verifyNotes(on(replica))).toMatchObject({
          verdict: 'pass',
          verify: { isReadOnly: true, isReplica: true, drift: { kind: 'compared', changes: [] } },
        });
        // What changes a database is told where it is.
        const refused = { problem: { advice: expect.stringContaining('Take the address of the primary') } };
        await expect(rollBackNotes(on(replica))).rejects.toMatchObject(refused);
      });
      const settings = ['track_commit_timestamp=on'];
      await withCopiedServer(connection, { isReplica: false, settings }, async (copy) => {
        const from = Date.now();
        await change(on(copy), 'create policy more on public.notes using (true)');
        const { drift } = (await verifyNotes(on(copy))).verify;
        const [found] = drift.kind === 'compared' ? drift.changes : [];
        expect(found).toMatchObject({ object: 'policy more on public.notes' });
        const at = Date.parse(found?.changedAt ?? '');
        expect(at).toBeGreaterThanOrEqual(from - 1000);
        expect(at).toBeLessThanOrEqual(Date.now() + 1000);
      });
    });
  }, 120_000);
});

describe('monitor', () => {
  it('takes from the database when the deployment was, and whether the application was used since', async () => {
    await withNotesTarget(async (target) => {
      await deploy(target);
      const unused = await monitorNotes(target);
      expect(unused.verdict).toBe('not proven');
      expect(unused.monitor.reasons.join()).toContain('Nothing shows that the application was used');
      const said = unused.monitor.sources.find(({ name }) => name === 'Database statistics')?.said;
      expect(said).toContain('no row was put into the tables');
      expect(said).toContain('pg_stat_statements is not there');

      await change(target, "insert into public.notes (author, body) values ('ann', 'one'), ('ann', 'two')");
      const used = await monitorNotes(target);
      expect(used.monitor.sources.find(({ name }) => name === 'Database statistics')?.said).toContain(
        'rows were put into public.notes (2)',
      );
      expect([used.verdict, used.monitor.reasons]).toEqual(['pass', []]);
    });
  });
});
