import { describe, expect, it } from '@jest/globals';
import { withSession } from '../../src/database/with-session.js';
import type { Bundle, SqlFile } from '../../src/model.js';
import { sayAnswer } from '../../src/report/answer.js';
import type { DeploySettings } from '../../src/settings/settings.js';
import { deployTarget } from '../../src/stages/deploy-target.js';
import { withOnlyRun } from '../../src/stages/one-run-at-a-time.js';
import { countWaits } from '../support/count-waits.js';
import { deployNotes as deploy } from '../support/deploy-notes.js';
import { limits } from '../support/limits.js';
import { type Changes, loadNotes, thirdSection } from '../support/notes-bundle.js';
import { withNotesTarget, withNotesTargetAlone } from '../support/notes-target.js';
import { withClient } from '../support/server.js';

describe('a deployment', () => {
  it('keeps the fix when every proof passes, and can be done again', async () => {
    await withNotesTarget(async (target) => {
      const { result: report, waits } = await countWaits(() => deploy(target), { whileLocked: true });
      // Each takes its way, and writers wait for it.
      expect(waits).toBeLessThan(275);
      expect(report).toMatchObject({
        command: 'deploy',
        verdict: 'pass',
        postgres: [{ source: 'target' }],
        subjects: [
          { kind: 'target', name: target.database, apply: { outcome: 'pass' }, rerun: { outcome: 'pass' } },
        ],
      });
      expect(report.subjects[0]?.checks.map(({ before, after }) => [before.outcome, after.outcome])).toEqual([
        ['fail', 'pass'],
        ['fail', 'pass'],
      ]);
      const changed = await target.changes();
      expect(changed).toEqual(
        expect.arrayContaining(['column public.notes.author', 'policy "own notes" on public.notes']),
      );

      expect((await deploy(target)).verdict).toBe('pass');
      expect(await target.changes()).toEqual(changed);
    });
  });

  it('is done again after a row that came from a table left behind is gone', async () => {
    await withNotesTarget(async (target) => {
      await withClient(target.connection, (client) =>
        client.query(
          `create table public.old_notes (author text, body text);
           insert into public.old_notes values ('ann', 'from the old table');
           alter table public.old_notes owner to notes_owner`,
        ),
      );
      const importing: Changes = {
        'bundle.yml': (text) =>
          text
            .replace('quarantine:', 'imported: notes_quarantine.imported\nquarantine:')
            .replace('from: [public.notes]', 'from: [public.notes, public.old_notes]'),
        'access/02_old_notes.sql': `--! Title: Authors read what they wrote in the old table
          select p.person, 'public.old_notes' as source, o.ctid::text as row, 'read' as verb, 'public.notes' as destination
          from public.old_notes as o left join pg_temp.people as p on p.claims ->> 'sub' = o.author`,
        ...thirdSection(
          `create table if not exists notes_quarantine.imported (source_table text primary key);
           with noted as (
               insert into notes_quarantine.imported values ('public.old_notes') on conflict do nothing returning *
           )
           insert into public.notes (author, body) select old.author, old.body from public.old_notes as old, noted;`,
        ),
      };
      expect((await deploy(target, importing)).verdict).toBe('pass');
      await withClient(target.connection, (client) =>
        client.query("delete from public.notes where body = 'from the old table'"),
      );
      expect((await deploy(target, importing)).verdict).toBe('pass');
    });
  });

  it('says what stood in the way without what is in the rows', async () => {
    await withNotesTarget(async (target) => {
      const secret = 'nobody is to read this';
      const report = await deploy(
        target,
        thirdSection(
          `insert into public.notes (author, body) values ('ann', '${secret}'), ('ann', '${secret}');
           create unique index notes_body on public.notes (body);`,
        ),
      );
      expect(report.subjects[0]?.apply).toMatchObject({ problem: { sqlstate: '23505', detail: null } });
      expect(JSON.stringify(report)).not.toContain(`(${secret})`);
    });
  });

  it('does not take an invalid index for one that is there', async () => {
    await withNotesTarget(async (target) => {
      const failed = withClient(target.connection, (client) =>
        client.query('create unique index concurrently notes_once on public.notes ((id > 0))'),
      );
      await expect(failed).rejects.toMatchObject({ code: '23505' });
      const section = thirdSection('create unique index if not exists notes_once on public.notes (id);');
      expect((await deploy(target, section)).subjects[0]).toMatchObject({
        committed: 'no',
        apply: {
          problem: {
            message: expect.stringMatching(/^The index public.notes_once is left .* and is invalid/),
          },
        },
      });
    });
  });

  it.each<[string, string, string, string]>([
    [
      'a trigger of the database raises it',
      "update public.notes set body = body || '!' where body = 'beer';",
      '(text withheld: the error is of public.shout(), which is none of the fix’s)',
      'P0001',
    ],
    [
      'a trigger raises it that the fix itself makes',
      `create function public.whisper() returns trigger language plpgsql as $f$ begin raise exception 'not %', new.body; end $f$;
       create trigger whisper before update on public.notes for each row execute function public.whisper();
       update public.notes set body = body where body = 'beer';`,
      '(text withheld: the error is of public.whisper(), which may put into it what is in a row)',
      'P0001',
    ],
    [
      'Postgres quotes a value',
      "select body::int from public.notes where body = 'beer';",
      'invalid input syntax for type integer: "…"',
      '22P02',
    ],
    [
      'it is a name in SQL that was put together',
      "do $$ declare b text; begin select body into b from public.notes where body = 'beer'; execute 'select ' || b; end $$;",
      'column "…" does not exist',
      '42703',
    ],
    [
      'the fix raises it, which is shown',
      "do $$ begin raise exception 'three notes have no author'; end $$;",
      'three notes have no author',
      'P0001',
    ],
  ])('says what is wrong without what is in a row where %s', async (_where, sql, message, sqlstate) => {
    await withNotesTarget(async (target) => {
      await withClient(target.connection, (client) =>
        client.query(
          `create function public.shout() returns trigger language plpgsql as $$
           begin
               raise notice 'about to change %', old.body;
               if new.body <> old.body then raise exception 'not %', new.body; end if;
               return new;
           end
           $$;
           create trigger shout before update on public.notes for each row execute function public.shout();`,
        ),
      );
      const noisy = `update public.notes set body = body;\ndo $$ begin raise notice 'the fix speaks'; end $$;\n${sql}`;
      const report = await deploy(target, thirdSection(noisy));
      expect(report.subjects[0]?.apply).toMatchObject({
        problem: { message: message.replace('’', "'"), sqlstate, detail: null },
        sections: [
          {},
          {},
          {
            notices: expect.arrayContaining([
              "(text withheld: the notice is of public.shout(), which is none of the fix's)",
              'the fix speaks',
            ]),
          },
        ],
      });
      expect(JSON.stringify(report)).not.toMatch(/about to change|not beer|: \\"beer|"beer!/);
    });
  });

  it.each<[string, Changes, object]>([
    [
      'a check fails after it',
      {
        'checks/03_more.sql':
          "--! Title: More\nselect 'a' as object, 'b' as expected, 'c' as actual, false as pass",
      },
      { apply: { outcome: 'pass' }, checks: [{}, {}, { after: { outcome: 'fail' } }] },
    ],
    [
      'a row is lost',
      thirdSection("delete from public.notes where body = 'beer';"),
      { preservation: { outcome: 'fail', kinds: [{ lost: 1 }] } },
    ],
    [
      'it would change something a second time',
      thirdSection('update public.notes set body = body;'),
      { rerun: { outcome: 'fail', rowsWritten: 2 } },
    ],
    [
      'a section has an error',
      thirdSection('select 1 / 0;'),
      { apply: { outcome: 'fail', problem: { path: 'sections/03_more.sql', sqlstate: '22012' } } },
    ],
    [
      'a deferred constraint speaks up at its end',
      thirdSection(
        "alter table public.notes add constraint once unique (body) deferrable initially deferred;\ninsert into public.notes (author, body) values ('ann', 'bread');",
      ),
      { apply: { outcome: 'fail', problem: { sqlstate: '23505' } } },
    ],
  ])('leaves the database as it was when %s', async (_when, changes, found) => {
    await withNotesTarget(async (target) => {
      const report = await deploy(target, changes);
      expect(report).toMatchObject({ verdict: 'fail', subjects: [{ outcome: 'fail', ...found }] });
      expect(await target.changes()).toEqual([]);
    });
  });

  it('says that a policy fails without what its function says of rows', async () => {
    await withNotesTarget(async (target) => {
      const report = await deploy(
        target,
        thirdSection(
          `create function public.may_read(said text) returns boolean language plpgsql as $f$ begin raise exception 'of row %', said; end $f$;
           create policy talkative on public.notes using (public.may_read(body));`,
        ),
      );
      const told = JSON.stringify(report.subjects[0]?.access);
      expect(told).toContain('the database answers P0001');
      expect(told).not.toContain('of row');
    });
  });

  it.each<[string, string]>([
    ['a section', 'commit and chain'],
    ['a section', 'commit; begin'],
    ['a check', 'commit'],
  ])('ends at once where %s has slipped a "%s" past the reading of the bundle', async (where, sql) => {
    await withNotesTarget(async (target) => {
      const bundle = await loadNotes();
      const slip = <T extends { file: SqlFile }>(list: readonly T[]): T[] =>
        list.map((item) => ({ ...item, file: { ...item.file, text: `${item.file.text};\n${sql};` } }));
      const lying: Bundle =
        where === 'a section'
          ? { ...bundle, sections: slip(bundle.sections) }
          : { ...bundle, checks: slip(bundle.checks) };
      const result = await withSession(target.connection, (session) =>
        deployTarget(session, lying, {
          sections: lying.sections,
          ...limits,
          guards: null,
          record: null,
          place: 'here',
          findings: [],
          progress: () => undefined,
        }),
      );
      expect(result).toMatchObject({
        outcome: 'fail',
        problem: {
          path: where === 'a section' ? 'sections/01_author.sql' : expect.stringContaining('checks/01_'),
          snippet: `${sql.split(';')[0]};${sql.includes(';') ? ' begin;' : ''}`,
          message: expect.stringContaining('the database may have changed'),
        },
        apply: { outcome: 'skipped' },
      });
    });
  });

  it('does not begin where another name is confirmed', async () => {
    await withNotesTarget(async (target) => {
      await expect(deploy(target, {}, { confirm: 'production' })).rejects.toThrow(
        `confirm: is "production", but database-url leads to the database "${target.database}". Type the name of the database that is to change.`,
      );
      expect(await target.changes()).toEqual([]);
    });
  });

  it.each<[string, Partial<DeploySettings>, string]>([
    [
      'before it may begin',
      { window: { notBefore: new Date('2100-01-01T00:00:00Z'), notAfter: null } },
      'not-before: it is ',
    ],
    ['after its end', { window: { notBefore: null, notAfter: new Date(0) } }, 'not-after: it is '],
  ])('does not begin %s', async (_when, overrides, message) => {
    await withNotesTarget(async (target) => {
      await expect(deploy(target, {}, overrides)).rejects.toThrow(message);
      expect(await target.changes()).toEqual([]);
    });
  });

  it('is rolled back where the time is over before the commit', async () => {
    await withNotesTarget(async (target) => {
      let asked = 0;
      const over = {
        notBefore: null,
        // At the beginning, at that of the transaction, at its end.
        get notAfter() {
          asked += 1;
          return new Date(asked < 3 ? Date.now() + 60_000 : 0);
        },
      };
      const report = await deploy(target, {}, { window: over });
      expect(sayAnswer(report)).toMatch(/^NOT DEPLOYED, rolled back, .* is as it was: /);
      expect(report.subjects[0]).toMatchObject({
        committed: 'no',
        problem: { message: expect.stringMatching(/^not-after: it is /) },
      });
      expect(asked).toBe(3);
      expect(await target.changes()).toEqual([]);
    });
  });

  it('is refused while another is at work on the database, which it names', async () => {
    await withNotesTarget(async (target) => {
      await withClient({ ...target.connection, application_name: 'schema-fix' }, (other) =>
        withOnlyRun(other, async () => {
          await expect(deploy(target)).rejects.toMatchObject({
            exitCode: 3,
            message: expect.stringMatching(
              /another run is at work on this database \(process \d+, schema-fix of/,
            ),
          });
        }),
      );
      expect(await target.changes()).toEqual([]);
      expect((await deploy(target)).verdict).toBe('pass');
    });
  });

  it('locks others out until its end, whatever locks a section gives up', async () => {
    await withNotesTarget(async (target) => {
      const giving = thirdSection(`do $$
        begin
            perform pg_catalog.pg_advisory_unlock_all();
            if not exists (
                select from pg_catalog.pg_locks where locktype = 'advisory' and pid = pg_catalog.pg_backend_pid()
            ) then
                raise exception 'the door is open';
            end if;
        end
        $$;`);
      expect((await deploy(target, giving)).verdict).toBe('pass');
    });
  });

  it.each([
    ['grants a membership', 'grant notes_owner to notes_meanwhile'],
    ['drops a role', 'drop role notes_meanwhile; create role notes_later'],
    ['makes a role again', 'drop role notes_meanwhile; create role notes_meanwhile'],
  ])('is not blamed where somebody else %s on the server meanwhile', async (_what, sql) => {
    await withNotesTarget(
      async (target) => {
        const bundle = await loadNotes(
          thirdSection(
            "do $$ begin raise notice 'waits'; perform pg_catalog.pg_advisory_xact_lock(42); end $$;",
          ),
        );
        await withClient(target.connection, async (other) => {
          await other.query(
            'create table public.counted (id serial); create role notes_meanwhile; select pg_catalog.pg_advisory_lock(42)',
          );
          try {
            const result = await withSession(target.connection, (session) =>
              deployTarget(session, bundle, {
                sections: bundle.sections,
                ...limits,
                guards: null,
                record: null,
                place: 'here',
                findings: [],
                progress: (event) => {
                  if (event.kind !== 'notice' || event.text !== 'waits') return;
                  void other.query(`${sql}; select pg_catalog.pg_advisory_unlock(42)`);
                },
              }),
            );
            expect(result.preservation).toMatchObject({ comparison: { differences: [] } });
            expect(result.outcome).toBe('pass');
          } finally {
            await other.query('drop role if exists notes_meanwhile, notes_later');
          }
        });
      },
      undefined,
      true,
    );
  });

  it('sees what was written into a partition of its table, of which the server counts nothing itself', async () => {
    await withNotesTarget(async (target) => {
      await withClient(target.connection, (client) =>
        client.query(
          `drop table public.notes;
           create table public.notes (id bigint default 7, author text, body text) partition by list (body);
           create table public.notes_beer partition of public.notes for values in ('beer');
           create table public.notes_rest partition of public.notes default;
           insert into public.notes values (2, 'ben', 'beer');
           alter table public.notes owner to notes_owner;
           alter table public.notes_beer owner to notes_owner;
           alter table public.notes_rest owner to notes_owner`,
        ),
      );
      const report = await deploy(target, thirdSection("update public.notes_beer set author = 'ann';"));
      expect(report.subjects[0]).toMatchObject({
        outcome: 'fail',
        committed: 'no',
        preservation: { comparison: { differences: [{ word: 'changed', table: 'public.notes' }] } },
      });
      expect((await deploy(target)).verdict).toBe('pass');
    });
  });

  it('is refused where none of its tables is there, unless that is meant', async () => {
    await withNotesTarget(async (target) => {
      await withClient(target.connection, (client) => client.query('drop table public.notes'));
      const making: Changes = {
        'sections/01_author.sql': (text) =>
          text.replace(
            /^(?!--!)/m,
            'create table if not exists public.notes (id bigint generated always as identity primary key, author text, body text);\n',
          ),
      };
      const refused = await deploy(target, making);
      expect(refused).toMatchObject({
        verdict: 'fail',
        subjects: [
          {
            apply: {
              sections: [],
              problem: {
                message: `The database ${target.database} has none of the tables of this fix.`,
                advice: expect.stringContaining('say so with create'),
              },
            },
          },
        ],
      });
      const found = () =>
        withClient(target.connection, async (client) => {
          const { rows } = await client.query<{ found: string | null }>(
            "select to_regclass('public.notes') as found",
          );
          return rows[0]?.found;
        });
      expect(await found()).toBeNull();
      const made = await deploy(target, making, { mayCreate: true });
      expect(made).toMatchObject({ subjects: [{ apply: { outcome: 'pass' } }] });
    });
  });

  it('applies only the sections that are asked for, with what they need', async () => {
    await withNotesTarget(async (target) => {
      const report = await deploy(target, {}, { sections: [1] });
      expect(report).toMatchObject({
        verdict: 'pass',
        sections: { numbers: [1], isWholeFix: false, added: [] },
      });
      expect(await target.changes()).not.toContain('policy "own notes" on public.notes');
      expect((await deploy(target, {}, { sections: [2] })).sections.added).toEqual([
        { number: 1, neededBy: 2 },
      ]);
      expect(await target.changes()).toContain('policy "own notes" on public.notes');
    });
  });

  it('reads a large table only where the fix writes into it, and then compares every row', async () => {
    await withNotesTargetAlone(async (target) => {
      const ask = (sql: string) => withClient(target.connection, (client) => client.query(sql));
      await ask(`alter table public.notes alter column body set storage external;
        insert into public.notes (writer, body) select 'ann', repeat('x', 6000) from generate_series(1, 3000)`);
      const lie = thirdSection("update public.notes set body = 'y' where id = 7;");
      const lying = (await deploy(target, lie)).subjects[0];
      expect(lying).toMatchObject({
        outcome: 'fail',
        apply: { attempts: 2 },
        preservation: {
          comparison: {
            differences: [{ word: 'changed', table: 'public.notes', key: 'id 7', columns: ['body'] }],
          },
        },
      });
      const written = await deploy(target);
      expect(written).toMatchObject({
        verdict: 'pass',
        subjects: [{ apply: { attempts: 2 }, preservation: { kinds: [{ before: 3003, quarantined: 1 }] } }],
      });
      const again = await deploy(target);
      expect(again).toMatchObject({
        verdict: 'pass',
        subjects: [{ apply: { attempts: 1 }, preservation: { kinds: [{ before: 3002, inPlace: 3002 }] } }],
      });

      const open = thirdSection('grant truncate on public.notes to app_user;');
      const opened = (await deploy(target, open)).subjects[0];
      expect(opened).toMatchObject({ outcome: 'fail', access: { outcome: 'fail', people: 4 } });
      expect(JSON.stringify(opened?.access)).toContain('app_user may truncate the table public.notes');
      expect(again.subjects[0]?.access).toMatchObject({
        outcome: 'pass',
        people: 4,
        tables: 1,
        sampled: [{ table: 'public.notes' }],
      });
    });
  });
});
