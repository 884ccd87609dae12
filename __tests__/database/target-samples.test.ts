/** Where a table of a target is large, some of its rows are tried, of everybody who is tried; a door is found by them. */
import { describe, expect, it } from '@jest/globals';
import { engineSql } from '../../src/database/engine-sql.js';
import type { Session } from '../../src/database/with-session.js';
import { withSession } from '../../src/database/with-session.js';
import { withRollback } from '../../src/database/with-transaction.js';
import type { AccessResult, Report } from '../../src/model.js';
import { renderConsole } from '../../src/report/render-console.js';
import { compareOrdinaryWrites } from '../../src/stages/access/compare-writes.js';
import { limitTime } from '../../src/stages/access/limit-time.js';
import { observe } from '../../src/stages/access/observe.js';
import { noteOrdinaryWrites } from '../../src/stages/access/ordinary-writes.js';
import type { Person } from '../../src/stages/access/people.js';
import { recogniseRows } from '../../src/stages/access/recognise-rows.js';
import type { Relation } from '../../src/stages/access/relation.js';
import { tryOut } from '../../src/stages/access/try-out.js';
import { deployNotes } from '../support/deploy-notes.js';
import { thirdSection } from '../support/notes-bundle.js';
import { type NotesTarget, withNotesTargetAlone } from '../support/notes-target.js';
import { withClient } from '../support/server.js';

/** 17 MB in a few rows, and many others. */
const enlarge = (target: NotesTarget) =>
  withClient(target.connection, (client) =>
    client.query(
      `alter table public.notes alter column body set storage external;
       insert into public.notes (writer, body)
       select case n % 3 when 0 then 'ann' when 1 then 'ben' else 'cleo' end, 'note ' || n from generate_series(1, 5000) as n;
       insert into public.notes (writer, body) select 'ann', repeat('x', 1000000) from generate_series(1, 17)`,
    ),
  );

const policy = (using: string) =>
  thirdSection(`create policy more on public.notes for select to app_user using (${using});`);

const accessOf = (report: Report): AccessResult => report.subjects[0]?.access as AccessResult;

describe('access where a table of a target is large', () => {
  it('is tried on a sample, whose size is told; a door rolls all back', async () => {
    await withNotesTargetAlone(async (target) => {
      await enlarge(target);
      const doors = [
        ['true', 4],
        [`author = 'cleo' and pg_catalog.current_setting('request.jwt.claims')::json ->> 'sub' = 'ben'`, 1],
      ] as const;
      for (const [using, gained] of doors) {
        const report = await deployNotes(target, policy(using));
        expect(report).toMatchObject({
          verdict: 'fail',
          subjects: [{ committed: 'no', access: { gained } }],
        });
        expect(accessOf(report).differences).toContainEqual(
          expect.objectContaining({
            outcome: 'gained',
            isDeclared: false,
            table: 'public.notes',
            verb: 'read',
            reason: 'access/01_own_notes.sql says that they must not',
          }),
        );
      }

      const slow = {
        'access/01_own_notes.sql': (text: string) =>
          text.replace("'public.notes' as source", "'public.notes' || pg_catalog.pg_sleep(0.03) as source"),
      };
      const unjudged = { people: 2, reason: 'access/01_own_notes.sql took longer than 3000 ms' };
      const open = await deployNotes(target, { ...slow, ...policy('true') }, { statementTimeout: 3000 });
      expect(open).toMatchObject({
        verdict: 'fail',
        subjects: [{ committed: 'no', access: { people: 2, gained: 2, unjudged } }],
      });

      const report = await deployNotes(target);
      expect(report).toMatchObject({
        verdict: 'pass',
        subjects: [{ committed: 'yes', access: { people: 4, gainedAsDeclared: 2 } }],
      });
      const [{ table, rows, found } = { table: '', rows: 0, found: 0 }] = accessOf(report).sampled ?? [];
      expect(table).toBe('public.notes');
      expect(rows).toBeGreaterThan(100);
      expect(rows).toBeLessThan(300);
      // What went to quarantine is not there any more.
      expect(found).toBeGreaterThan(rows - 3);
      expect(renderConsole(report, { isColored: false, columns: 400 })).toContain(
        `a sample was tried: ${rows} rows of public.notes`,
      );

      const honest = await deployNotes(target, slow, { statementTimeout: 3000 });
      expect(honest).toMatchObject({ verdict: 'pass', subjects: [{ access: { people: 2, unjudged } }] });
      expect(renderConsole(honest, { isColored: false, columns: 400 })).toContain(
        '2 people in the data were tried, and what they gained or lost was not judged, because',
      );
    });
  });

  it('is tried on a sample of what is too much for all people, and on all rows that could not be found again', async () => {
    await withNotesTargetAlone(async (target) => {
      await withClient(target.connection, (client) =>
        client.query(
          `insert into public.notes (writer, body)
           select case n % 3 when 0 then 'ann' when 1 then 'ben' else 'cleo' end, 'note ' || n from generate_series(1, 12000) as n`,
        ),
      );
      const [sampled] = accessOf(await deployNotes(target, policy('true'))).sampled ?? [];
      expect(sampled).toMatchObject({ table: 'public.notes' });
      expect(sampled?.rows).toBeLessThan(300);

      await withClient(target.connection, (client) =>
        client.query('alter table public.notes drop constraint notes_pkey, add primary key (id, body)'),
      );
      // Found again by all columns of the key.
      const [found] = accessOf(await deployNotes(target, policy('true'))).sampled ?? [];
      expect(found?.found).toBeGreaterThan(100);

      await withClient(target.connection, (client) =>
        client.query('alter table public.notes drop constraint notes_pkey'),
      );
      const report = await deployNotes(target, policy('true'));
      expect(report).toMatchObject({ verdict: 'fail', subjects: [{ committed: 'no' }] });
      expect(accessOf(report).sampled ?? []).toEqual([]);
      expect(accessOf(report).gained).toBe(4);
    });
  });

  it('is given up where time runs out between two tries', async () => {
    await withNotesTargetAlone(({ connection }) =>
      withSession(connection, async (session) => {
        const { rows } = await session.query<Relation>(engineSql('access_relations'), [
          ['app_user'],
          ['public.notes'],
        ]);
        const relation = rows.find(({ name }) => name === 'notes') as Relation;
        const ann: Person = { kind: 'actor', name: 'ann', role: 'app_user', settings: {} };
        const answers = await withRollback(session, () =>
          tryOut(session, relation, {
            verbs: ['read'],
            people: [ann],
            // To read them takes longer.
            ids: Array.from({ length: 200_000 }, (_, index) => `1 (${index},1)`),
            copies: [],
            choices: [[]],
            longest: 1,
            isSampled: true,
          }),
        );
        expect(answers).toEqual([{ read: expect.objectContaining({ sqlstate: '57014' }) }]);
      }),
    );
  });
});

/** Of the trial alone: rows are found, and whoever may write them, while nothing is slow. */
const withWriters = (
  work: (trial: {
    readonly session: Session;
    readonly look: () => ReturnType<typeof observe>;
    readonly slowDown: () => Promise<void>;
  }) => Promise<void>,
) =>
  withNotesTargetAlone(({ connection }) =>
    withSession(connection, (session) =>
      withRollback(session, async () => {
        await session.query(
          `grant select, insert, update on public.notes to app_user;
           create function public.wait() returns trigger language plpgsql
           as $$ begin perform pg_catalog.pg_sleep(4); return null; end $$`,
        );
        const people = ['ann', 'ben'].map((name): Person => {
          return { kind: 'in the data', name, role: 'app_user', settings: {} };
        });
        const options = { triesWrites: true, tables: ['public.notes'] };
        await work({
          session,
          look: () => observe(session, people, options),
          slowDown: async () => {
            // Deferred, it is asked where a write is complete, and not where rows are copied.
            await session.query(
              `create constraint trigger wait after insert or update on public.notes
               deferrable initially deferred for each row execute function public.wait()`,
            );
            await limitTime(session, 2000);
          },
        });
      }),
    ),
  );

describe('what people write as an application does', () => {
  it('is tried no more once it took too long, which is said', async () => {
    await withWriters(async ({ session, look, slowDown }) => {
      const before = await look();
      await slowDown();
      const { deeds, unseen } = await noteOrdinaryWrites(session, before);
      expect(deeds).toEqual([]);
      expect(unseen).toEqual([
        'public.notes: 8 ways in which an application writes its rows, because one took longer than statement-timeout allows',
      ]);
    });
  });

  it('fails where it was possible and takes too long now', async () => {
    await withWriters(async ({ session, look, slowDown }) => {
      const before = await look();
      const notes = await noteOrdinaryWrites(session, before);
      expect(notes.unseen).toEqual([]);
      const after = await look();
      await slowDown();
      const kinship = recogniseRows(before, after, []);
      const { reasons } = await compareOrdinaryWrites(session, {
        before,
        after,
        kinship,
        notes,
        declared: { changes: [], changesFound: [] },
      });
      expect(reasons).toEqual([
        'whether 2 people of those tried can still write rows of public.notes as an application did is not known: a write took longer than statement-timeout allows, and none was tried after it. Find what is slow in its triggers, or allow more time with statement-timeout',
      ]);
    });
  });
});
