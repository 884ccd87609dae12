/** A rollback returns to what was recorded, keeps every row written since, or says what stands in the way and does nothing. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { differences } from '../../src/database/fingerprint.js';
import { withSession } from '../../src/database/with-session.js';
import { withTransaction } from '../../src/database/with-transaction.js';
import { collectFailures } from '../../src/report/failures.js';
import { rollBackLast } from '../../src/stages/history/roll-back-target.js';
import { startRunning } from '../../src/stages/history/run.js';
import { withEveryRow } from '../../src/stages/history/with-every-row.js';
import { identify } from '../../src/stages/read-identity.js';
import { deployNotes } from '../support/deploy-notes.js';
import { thirdSection, withFolder } from '../support/notes-bundle.js';
import { type NotesTarget, withNotesTarget } from '../support/notes-target.js';
import {
  deployMany,
  lookAt,
  manyChanges,
  rollBackNotes,
  tellHistory,
  withReturningTarget,
} from '../support/return-notes.js';
import { withClient } from '../support/server.js';

const ask = async <T extends object>(target: NotesTarget, sql: string): Promise<T[]> =>
  withClient(target.connection, async (client) => (await client.query<T>(sql)).rows);

const notesOf = (target: NotesTarget) => ask(target, 'select * from public.notes order by 1');
const asBefore = [
  { id: '1', writer: 'ann', body: 'bread' },
  { id: '2', writer: 'ben', body: 'beer' },
  { id: '3', writer: null, body: 'lost' },
];

/** A table becomes one of partitions. */
const parted = {
  before: `
          create table public.events (id serial, at date not null, what text);
          insert into public.events (at, what) values ('2026-01-01', 'a'), ('2026-02-01', 'b');
          create view public.latest as select max(at) as at from public.events;`,
  fix: `
          do $$
          begin
              if (select relkind from pg_catalog.pg_class where oid = 'public.events'::pg_catalog.regclass) = 'r' then
                  drop view public.latest;
                  alter table public.events rename to events_old;
                  alter sequence public.events_id_seq owned by none;
                  create table public.events (
                      id integer not null default pg_catalog.nextval('public.events_id_seq'), at date not null, what text
                  ) partition by range (at);
                  alter sequence public.events_id_seq owned by public.events.id;
                  create table public.events_2026 partition of public.events for values from ('2026-01-01') to ('2027-01-01');
                  create table public.events_rest partition of public.events default;
                  insert into public.events select * from public.events_old;
                  drop table public.events_old;
                  create view public.latest as select max(at) as at from public.events;
              end if;
          end $$`,
  preserved: `  - name: events
    from: [public.events]
    to: [public.events]
    facts:
      id: { columns: [id] }
      at: { columns: [at] }
      what: { columns: [what] }`,
  declared:
    'adds: [public.events_2026, public.events_rest]\nchanges: [constraint * on public.events, view public.latest]',
};

describe('a rollback', () => {
  it('returns to the catalog and the rows of before, and the fix can be applied again', async () => {
    await withReturningTarget(async (target, remains) => {
      await deployMany(target);
      expect(await notesOf(target)).toMatchObject([{ author: 'ann', body: 'BREAD' }, { author: 'ben' }]);
      const { text, isDone } = await rollBackNotes(target);
      expect(text).toMatch(/^Rolled back: deployment 1 of Notes belong to somebody, /);
      expect(text).toContain('3 rows are as they were');
      expect(isDone).toBe(true);
      expect(await remains()).toEqual([]);
      expect(await notesOf(target)).toEqual(asBefore);

      await deployMany(target);
      expect((await rollBackNotes(target)).isDone).toBe(true);
      expect(await remains()).toEqual([]);
    });
  });

  it('is of the last deployment that changed anything', async () => {
    await withReturningTarget(async (target, remains) => {
      await deployMany(target);
      await deployMany(target);
      expect((await tellHistory(target)).text).toMatch(
        /^ {3}2 {2}.*no definition changes|^ {3}2 {2}.* 0 definitions changed/m,
      );
      expect((await rollBackNotes(target)).text).toMatch(/^Rolled back: deployment 1 of /);
      expect(await remains()).toEqual([]);
    });
  });

  it('keeps every row written since, and what those say in columns that go', async () => {
    await withNotesTarget(async (target) => {
      await deployMany(target);
      await ask(target, "insert into public.notes (author, body) values ('ann', 'written since')");
      const { text } = await rollBackNotes(target);
      expect(text).toContain('what 1 row of public.notes says in made_at, in schema_fix_history.kept');
      expect(await notesOf(target)).toEqual([
        ...asBefore,
        { id: expect.any(String), writer: 'ann', body: 'written since' },
      ]);
      expect(await ask(target, 'select source_table, key, row_data from schema_fix_history.kept')).toEqual([
        {
          source_table: 'public.notes',
          key: expect.stringMatching(/^\(\d+\)$/),
          row_data: { made_at: expect.stringContaining('20') },
        },
      ]);
    });
  });

  it('leaves a table of the deployment that holds later rows, shut', async () => {
    await withNotesTarget(async (target) => {
      await deployMany(target);
      await ask(target, "grant select on public.tags to app_user; insert into public.tags values (1, 'new')");
      // Somebody gave it away by hand: that is a change of theirs.
      expect((await rollBackNotes(target)).text).toContain('table public.tags was changed since');
      await ask(target, 'revoke select on public.tags from app_user; revoke all on public.tags from public');
      await ask(target, 'revoke all on public.tags from app_user');
      await ask(target, "update pg_class set relacl = null where oid = 'public.tags'::regclass");
      const { text, isDone } = await rollBackNotes(target);
      expect(text).toContain(
        'the table public.tags, which nobody but its owner reaches: 1 of its rows were written or changed since',
      );
      expect(isDone).toBe(true);
      expect(await notesOf(target)).toEqual(asBefore);
      expect(await ask(target, 'select note, tag from public.tags order by 1, 2')).toEqual([
        { note: '1', tag: 'new' },
        { note: '1', tag: 'old' },
        { note: '2', tag: 'old' },
      ]);
      expect(
        await ask(
          target,
          "select relrowsecurity as is_shut from pg_class where oid = 'public.tags'::regclass",
        ),
      ).toEqual([{ is_shut: true }]);
      expect(
        await ask(
          target,
          "select from pg_constraint where conrelid = 'public.tags'::regclass and contype = 'f'",
        ),
      ).toEqual([]);
    });
  });

  it('does nothing where a row of the deployment was changed since, unless it is to stay as it is', async () => {
    await withNotesTarget(async (target) => {
      await deployMany(target);
      await ask(target, "update public.notes set body = 'changed since' where id = 1");
      const deployed = await target.changes();
      const { text, isDone } = await rollBackNotes(target);
      expect(text).toMatch(/^Not rolled back: .* Nothing was changed\.\n {2}In the way stands:/);
      expect(text).toContain('1 row of public.notes, written by the deployment, changed or deleted since');
      expect(text).toContain('--keep-new-rows');
      expect(text).not.toContain('changed since where');
      expect(isDone).toBe(false);
      expect(await target.changes()).toEqual(deployed);

      const choices = { keepsNewRows: true, keysNotValid: false };
      expect((await rollBackNotes(target, { choices })).isDone).toBe(true);
      expect(await notesOf(target)).toEqual([
        { ...asBefore[0], body: 'changed since' },
        asBefore[1],
        asBefore[2],
      ]);
    });
  });

  it('lists a key of before that a row written since breaks, and adds it not valid where that is chosen', async () => {
    await withNotesTarget(async (target) => {
      await ask(target, 'alter table public.notes add constraint short check (length(body) < 9)');
      const changing = {
        ...{
          'bundle.yml': (text: string) =>
            text.replace('access:\n', 'drops: [constraint short on public.notes]\naccess:\n'),
        },
        'sections/03_more.sql':
          '--! Title: More\nalter table public.notes drop constraint if exists short;\n',
      };
      expect((await deployNotes(target, changing)).verdict).toBe('pass');
      await ask(target, "insert into public.notes (author, body) values ('ann', 'longer than before')");
      const refused = await rollBackNotes(target);
      expect(refused.text).toContain('ADD CONSTRAINT "short"');
      expect(refused.text).toContain('--keys-not-valid');
      expect(refused.text).not.toContain('longer than before');
      expect(refused.isDone).toBe(false);

      const choices = { keepsNewRows: false, keysNotValid: true };
      expect((await rollBackNotes(target, { choices })).isDone).toBe(true);
      expect(
        await ask(target, "select convalidated as is_valid from pg_constraint where conname = 'short'"),
      ).toEqual([{ is_valid: false }]);
      expect(await notesOf(target)).toHaveLength(4);
    });
  });

  it('returns where all tables are published, the record among them, and where one of the deployment stays', async () => {
    await withReturningTarget(async (target, remains) => {
      await ask(target, 'create publication everything for all tables');
      await deployMany(target);
      expect((await rollBackNotes(target)).isDone).toBe(true);
      expect(await remains()).toEqual(['publication everything']);
      await deployMany(target);
      await ask(target, "insert into public.tags values (1, 'new')");
      const { text, isDone } = await rollBackNotes(target);
      expect(text).toContain('the table public.tags');
      expect(isDone).toBe(true);
    });
  });

  it('puts no column in the way that rows written since leave empty, where that is chosen', async () => {
    await withNotesTarget(async (target) => {
      await ask(target, 'alter table public.notes alter column body set not null');
      const loosened = {
        'bundle.yml': (text: string) =>
          text.replace('access:\n', 'drops: [not null body on public.notes]\naccess:\n'),
        ...thirdSection('alter table public.notes alter column body drop not null;'),
      };
      expect((await deployNotes(target, loosened)).verdict).toBe('pass');
      await ask(target, "insert into public.notes (author) values ('ann')");
      const refused = await rollBackNotes(target);
      expect(refused.text).toMatch(/ALTER COLUMN "body" SET NOT NULL.*--keys-not-valid/s);
      const choices = { keepsNewRows: false, keysNotValid: true };
      const { text, isDone } = await rollBackNotes(target, { choices });
      expect(text).toContain('the column may be empty');
      expect(isDone).toBe(true);
      expect(await notesOf(target)).toHaveLength(4);
    });
  });

  it.each<
    [
      string,
      {
        readonly before: string;
        readonly fix: string;
        readonly declared: string;
        readonly preserved?: string;
      },
    ]
  >([
    [
      'a column without nulls that had gone',
      {
        before: `
          alter table public.notes add column title text;
          update public.notes set title = 'on ' || body;
          alter table public.notes alter column title set not null, add check (title <> '');`,
        fix: `
          alter table public.notes add column if not exists heading text;
          do $$
          begin
              update public.notes set heading = title;
              alter table public.notes drop column title;
          exception when undefined_column then null;
          end $$`,
        preserved: '      heading: { columns: [heading, title] }',
        declared: `adds: [public.notes.heading]
drops: [public.notes.title, constraint * on public.notes, not null * on public.notes]`,
      },
    ],
    [
      'a column of another type that a trigger names, and one that its condition reads',
      {
        before: `
          create function public.tell() returns trigger language plpgsql as 'begin return new; end';
          create trigger of_body before update of body on public.notes for each row execute function public.tell();
          create trigger when_body before update on public.notes for each row
              when (old.body is distinct from new.body) execute function public.tell();
          comment on trigger of_body on public.notes is 'told';
          alter table public.notes disable trigger when_body;`,
        fix: `
          do $$
          begin
              if (select atttypid from pg_catalog.pg_attribute where attrelid = 'public.notes'::pg_catalog.regclass and attname = 'body')
                  = 'pg_catalog.text'::pg_catalog.regtype
              then
                  drop trigger of_body on public.notes;
                  drop trigger when_body on public.notes;
                  alter table public.notes alter column body type pg_catalog.varchar;
                  create trigger of_body before update of body on public.notes for each row execute function public.tell();
                  create trigger when_body before update on public.notes for each row
                      when (old.body is distinct from new.body) execute function public.tell();
                  comment on trigger of_body on public.notes is 'told';
                  alter table public.notes disable trigger when_body;
              end if;
          end $$`,
        declared: 'changes: [type of body on public.notes, trigger * on public.notes]',
      },
    ],
    [
      'a key whose values cannot be cast to what they were',
      {
        before: `
          create table public.places (id integer primary key, name text);
          insert into public.places values (1, 'here'), (2, 'there');`,
        fix: `
          do $$
          begin
              if (select atttypid from pg_catalog.pg_attribute where attrelid = 'public.places'::pg_catalog.regclass and attname = 'id')
                  = 'pg_catalog.int4'::pg_catalog.regtype
              then
                  alter table public.places alter column id type uuid using pg_catalog.md5(id::text)::uuid;
              end if;
          end $$`,
        preserved: `  - name: places
    from: [public.places]
    to: [public.places]
    facts:
      id: { columns: [id], normalise: 'pg_catalog.md5(value)::uuid' }`,
        declared: 'changes: [type of id on public.places]',
      },
    ],
    [
      'a name that a view bears by now, and a type of the name of a table',
      {
        before: `
          create table public.tbl_place (id integer primary key, nm text);
          insert into public.tbl_place values (1, 'here'), (2, 'there');
          create view public.far as select id from public.tbl_place;`,
        fix: `
          do $$
          begin
              if pg_catalog.to_regclass('public.places') is null then
                  alter table public.tbl_place rename to places;
                  alter table public.places rename column nm to name;
                  alter view public.far rename to afar;
                  create view public.tbl_place with (security_invoker = true) as select id, name as nm from public.places;
                  create type public.far as enum ('away');
              end if;
          end $$`,
        preserved: `  - name: places
    from: [public.tbl_place]
    to: [public.places]
    facts:
      id: { columns: [id] }
      name: { columns: [name, nm] }`,
        declared: `changes:
  - view public.far
  - constraint * on public.tbl_place
  - constraint * on public.places
  - view public.tbl_place
  - view public.afar
  - type public.far`,
      },
    ],
    [
      'rows with a key that waits for the commit, in a table whose shape differs',
      {
        before: `
          create table public.towns (id integer primary key);
          insert into public.towns values (1), (2);
          create table public.places (
              id integer not null,
              name text not null,
              town integer references public.towns (id) deferrable initially deferred,
              constraint places_id_name_key unique (id, name)
          );
          insert into public.places values (1, 'Here', 1), (2, 'there', 2);`,
        fix: `
          do $$
          begin
              if not exists (select from pg_catalog.pg_constraint where conname = 'places_pkey') then
                  update public.places set name = pg_catalog.lower(name);
                  set constraints all immediate;
                  alter table public.places drop constraint places_id_name_key, add constraint places_pkey primary key (id);
              end if;
          end $$`,
        preserved: `  - name: places
    from: [public.places]
    to: [public.places]
    facts:
      id: { columns: [id] }
      name: { columns: [name], normalise: 'pg_catalog.lower(value)' }
      town: { columns: [town] }`,
        declared: 'drops: [constraint * on public.places]\nchanges: [constraint * on public.places]',
      },
    ],
    ['a table that was none of partitions, and the view that was made again of it', parted],
    [
      'a materialized view and a column whose names have blanks',
      {
        before: `
          create schema "Sales Dept";
          create table "Sales Dept"."Order Items" (id integer not null, "What kind" text);
          insert into "Sales Dept"."Order Items" values (1, 'a');
          create materialized view "Sales Dept"."Order View" as select id from "Sales Dept"."Order Items";`,
        fix: 'drop materialized view if exists "Sales Dept"."Order View"; alter table "Sales Dept"."Order Items" alter column id drop not null;',
        declared: `drops: ['"Sales Dept"."Order View"', not null id on Sales Dept.Order Items]`,
      },
    ],
    [
      'the indexes of a partitioned table with those of its partitions',
      {
        before: `
          create table public.events (id integer not null, at date not null, what text) partition by range (at);
          create table public.events_2026 partition of public.events for values from ('2026-01-01') to ('2027-01-01');
          create table public.events_rest partition of public.events default partition by hash (id);
          create table public.events_rest_0 partition of public.events_rest for values with (modulus 1, remainder 0);
          create index events_what on public.events (what);
          create unique index events_key on public.events (at, id);
          alter index public.events_2026_what_idx rename to called_otherwise;
          comment on index public.called_otherwise is 'odd';
          create index alone on only public.events (pg_catalog.lower(what));
          create index half on only public.events (pg_catalog.upper(what));
          create index half_2026 on public.events_2026 (pg_catalog.upper(what));
          alter index public.half attach partition public.half_2026;
          insert into public.events values (1, '2026-01-01', 'a'), (2, '2025-02-01', 'b');`,
        fix: 'drop index if exists public.events_what; drop index if exists public.events_key; drop index if exists public.alone; drop index if exists public.half;',
        declared:
          'drops: [index * on public.events, index * on public.events_2026, index * on public.events_rest, index * on public.events_rest_0, unique index events_key on public.events, unique index events_2026_at_id_idx on public.events_2026, unique index events_rest_at_id_idx on public.events_rest, unique index events_rest_0_at_id_idx on public.events_rest_0]',
      },
    ],
    [
      'a view with several options',
      {
        before: `
          create view public.told with (security_barrier = true, security_invoker = true, check_option = local) as
              select id, body from public.notes;
          alter view public.told reset (security_invoker);
          alter view public.told set (security_invoker = true);`,
        fix: `
          do $$
          begin
              if (select atttypid from pg_catalog.pg_attribute where attrelid = 'public.notes'::pg_catalog.regclass and attname = 'body')
                  = 'pg_catalog.text'::pg_catalog.regtype
              then
                  drop view public.told;
                  alter table public.notes alter column body type pg_catalog.varchar;
                  create view public.told with (security_invoker = true, check_option = local, security_barrier = true) as
                      select id, body from public.notes;
              end if;
          end $$`,
        declared: 'changes: [type of body on public.notes, type of body on public.told, view public.told]',
      },
    ],
  ])('returns to %s', async (_what, { before, fix, declared, preserved = '' }) => {
    await withNotesTarget(async (target) => {
      await ask(target, before);
      const first = await lookAt(target);
      const report = await deployNotes(target, {
        'bundle.yml': (text) => text.replace('access:\n', `${preserved}\n${declared}\naccess:\n`),
        ...thirdSection(fix),
      });
      expect(
        report.verdict === 'pass'
          ? ''
          : collectFailures(report)
              .map(({ title, reason, items }) => [title, reason, ...items].join('\n'))
              .join('\n'),
      ).toBe('');
      const { text, isDone } = await rollBackNotes(target);
      expect(isDone ? '' : text).toBe('');
      expect(differences(first, await lookAt(target))).toEqual([]);
    });
  });

  it('keeps what was written since into a partition that the deployment made', async () => {
    await withNotesTarget(async (target) => {
      await ask(target, parted.before);
      const report = await deployNotes(target, {
        'bundle.yml': (text) =>
          text.replace('access:\n', `${parted.preserved}\n${parted.declared}\naccess:\n`),
        ...thirdSection(parted.fix),
      });
      expect(report.verdict).toBe('pass');
      await ask(target, "insert into public.events (at, what) values ('2026-03-01', 'since')");
      const { text, isDone } = await rollBackNotes(target);
      expect(isDone ? '' : text).toBe('');
      expect(text).toContain('the table public.events_2026, which nobody but its owner reaches');
      expect(await ask(target, 'select what from public.events order by 1')).toEqual([
        { what: 'a' },
        { what: 'b' },
      ]);
      expect(await ask(target, "select what from public.events_2026 where what = 'since'")).toEqual([
        { what: 'since' },
      ]);
    });
  });

  it('is written as a script that does the same', async () => {
    await withFolder((folder) =>
      withReturningTarget(async (target, remains) => {
        const toSql = path.join(folder, 'back.sql');
        await deployMany(target);
        const deployed = await target.changes();
        expect((await rollBackNotes(target, { toSql })).text).toContain(
          `Not rolled back, but written to ${toSql}`,
        );
        expect(await target.changes()).toEqual(deployed);
        await ask(target, await readFile(toSql, 'utf8'));
        expect(await remains()).toEqual([]);
        expect(await notesOf(target)).toEqual(asBefore);
      }),
    );
  });

  it('is written without the statements of an attempt that was undone', async () => {
    await withFolder((folder) =>
      withNotesTarget(async (target) => {
        // The row that comes back bears a name that another one has still.
        await ask(
          target,
          "update public.notes set body = 'LOST' where id = 3; update public.notes set body = 'lost' where id = 1; alter table public.notes add unique (body)",
        );
        const toSql = path.join(folder, 'back.sql');
        await deployMany(target);
        await rollBackNotes(target, { toSql });
        const script = await readFile(toSql, 'utf8');
        const made = [...script.matchAll(/create temporary table (\S+)/g)].map(([, name]) => name);
        expect(new Set(made).size).toBe(made.length);
        await ask(target, script);
        expect(await ask(target, 'select id, body from public.notes order by 1')).toEqual([
          { id: '1', body: 'lost' },
          { id: '2', body: 'beer' },
          { id: '3', body: 'LOST' },
        ]);
      }),
    );
  });

  it('sees rows that forced row level security hides from their owner', async () => {
    await withNotesTarget(async (target) => {
      await ask(
        target,
        'alter table public.notes owner to notes_owner; alter table public.notes enable row level security; alter table public.notes force row level security',
      );
      await withSession(target.connection, async (session) => {
        await session.query('set role notes_owner');
        const { run, statements } = startRunning(session);
        const count = () => session.query('select from public.notes').then(({ rowCount }) => rowCount);
        await withTransaction(session, async () => {
          expect(await count()).toBe(0);
          expect(await withEveryRow(session, run, ['public.notes'], count)).toBe(3);
          expect(await count()).toBe(0);
        });
        expect(statements).toEqual([
          'alter table public.notes no force row level security',
          'alter table public.notes force row level security',
        ]);
      });
    });
  });

  it.each<[string, string, RegExp]>([
    [
      'a definition was changed by hand',
      'alter policy "own notes" on public.notes using (true)',
      /policy "own notes" on public\.notes was changed since/,
    ],
    [
      'a definition was dropped by hand',
      'drop policy "own notes" on public.notes',
      /policy "own notes" on public\.notes was dropped since/,
    ],
    [
      'something else needs what would go',
      'create view public.later as select author, made_at from public.notes',
      /cannot drop column made_at/,
    ],
  ])('does nothing where %s', async (_what, sql, said) => {
    await withNotesTarget(async (target) => {
      await deployMany(target);
      await ask(target, sql);
      const changed = await target.changes();
      const { text, isDone } = await rollBackNotes(target);
      expect(text).toMatch(said);
      expect(isDone).toBe(false);
      expect(await target.changes()).toEqual(changed);
    });
  });

  it('names what was made since and needs what would go', async () => {
    await withNotesTarget(async (target) => {
      const report = await deployNotes(target, {
        ...manyChanges,
        ...thirdSection(`
          alter table public.notes add column if not exists made_at timestamptz;
          create table if not exists public.tags (note bigint references public.notes on delete cascade, tag text);
          alter table public.notes alter column body type varchar;
          do $$
          begin
              alter table public.notes add constraint notes_twice unique (id, author);
          exception when duplicate_table then null;
          end $$`),
      });
      expect({ ...report.subjects[0], verdict: report.verdict }).toMatchObject({ verdict: 'pass' });
      const refused = async (make: string, undo: string) => {
        await ask(target, make);
        const { text, isDone } = await rollBackNotes(target);
        expect(isDone).toBe(false);
        await ask(target, undo);
        const [, what = '', remedy = ''] =
          /In the way stands:\n {2}- (.*)\n {2}What you can do:\n {2}- (.*)\n/.exec(text) ?? [text];
        expect(remedy).toMatch(/^drop what needs it, which is named/);
        return what.replaceAll('public.', '');
      };
      expect([
        await refused(
          'create view public.later as select made_at from public.notes',
          'drop view public.later',
        ),
        await refused('create view public.later as select body from public.notes', 'drop view public.later'),
        await refused('create view public.later as select tag from public.tags', 'drop view public.later'),
        await refused(
          'create table public.later (a bigint, b text, foreign key (a, b) references public.notes (id, author))',
          'drop table public.later',
        ),
      ]).toEqual([
        expect.stringMatching(
          /cannot drop column made_at .*: view later depends on column made_at of table notes$/,
        ),
        expect.stringMatching(/cannot alter type .*: rule _RETURN on view later depends on column "body"$/),
        expect.stringMatching(/cannot drop table tags .*: view later depends on table tags$/),
        expect.stringMatching(
          /cannot drop constraint notes_twice .*: constraint later_a_b_fkey on table later depends on index notes_twice$/,
        ),
      ]);
      await ask(target, 'alter table public.notes add column writer text');
      expect((await rollBackNotes(target)).text).toMatch(/In the way stands:\n {2}- .*\bwriter\b/);
      await ask(target, 'alter table public.notes drop column writer');
      expect((await rollBackNotes(target)).isDone).toBe(true);
    });
  });

  it.each<[string, string, RegExp]>([
    [
      'nothing was recorded',
      'drop schema schema_fix_history cascade',
      /no deployment was recorded in this database/,
    ],
    [
      'the record was removed',
      'delete from schema_fix_history.runs',
      /the record of every deployment was removed/,
    ],
    [
      'somebody edited the record',
      "update schema_fix_history.runs set way_back = '[]'",
      /is not what the engine wrote/,
    ],
    [
      'somebody edited a row of it',
      "update schema_fix_history.rows set content = '(1,ann,mine)' where key = '(1)' and side = 'was'",
      /is not what the engine wrote/,
    ],
    [
      'the record is of another database',
      `update schema_fix_history.runs set target = jsonb_set(target, '{database}', '"1"')`,
      /is of another database/,
    ],
    [
      'another version recorded it',
      'update schema_fix_history.runs set format = 2',
      /in another form than this version reads \(2, not 1\)/,
    ],
    [
      'the record is somebody else’s',
      'alter table schema_fix_history.runs owner to notes_owner',
      /runs belongs to notes_owner/,
    ],
    [
      'somebody else may write into the record',
      'grant update on schema_fix_history.runs to app_user',
      /app_user may update schema_fix_history\.runs/,
    ],
  ])('refuses where %s', async (_what, sql, said) => {
    await withReturningTarget(async (target, remains) => {
      await deployMany(target);
      await ask(target, sql);
      const changed = await remains();
      await expect(rollBackNotes(target)).rejects.toThrow(said);
      expect(await remains()).toEqual(changed);
    });
  });

  it('writes nothing, and forgets nothing, where the database is set to read only; the record can be read', async () => {
    await withReturningTarget(async (target, remains) => {
      await deployMany(target);
      const deployed = await remains();
      await ask(target, `alter database "${target.database}" set default_transaction_read_only = on`);
      const refused = (command: string) => ({
        exitCode: 3,
        message: expect.stringMatching(
          new RegExp(
            `^${command}: The database is set to read only .* take it back first\\. Nothing was done\\.$`,
          ),
        ),
      });
      await expect(rollBackNotes(target)).rejects.toMatchObject(refused('rollback'));
      await expect(tellHistory(target, { forget: 'all' })).rejects.toMatchObject(refused('forget'));
      expect(await remains()).toEqual(deployed);
      expect((await tellHistory(target)).text).toMatch(/deployment of Notes belong to somebody/);
    });
  });

  it('changes nothing where the record is one’s own and the tables are not', async () => {
    await withReturningTarget(async (target, remains) => {
      await deployMany(target);
      const deployed = await remains();
      await withSession(target.connection, async (session) => {
        await session.query(
          `alter schema schema_fix_history owner to notes_owner;
           alter table schema_fix_history.runs owner to notes_owner;
           alter table schema_fix_history.rows owner to notes_owner;
           alter table schema_fix_history.kept owner to notes_owner`,
        );
        const { system, database } = await identify(session, 'here');
        await session.query('set role notes_owner');
        const identity = { place: 'here', system, database, role: 'notes_owner' };
        const asked = withTransaction(session, () =>
          rollBackLast(session, identity, { keepsNewRows: false, keysNotValid: false }),
        );
        await expect(asked).rejects.toThrow(/permission denied for schema notes_quarantine/);
      });
      expect(await remains()).toEqual(deployed);
    });
  });

  it('is not done twice, and is listed', async () => {
    await withNotesTarget(async (target) => {
      await deployMany(target);
      await rollBackNotes(target);
      await expect(rollBackNotes(target)).rejects.toThrow(/deployment 1 was rolled back at .* already/);
      const { text } = await tellHistory(target);
      expect(text.split('\n')).toEqual([
        expect.stringMatching(
          /^ {3}1 {2}20.* deployment of Notes belong to somebody, by .*: \d+ definitions changed, 3 rows as they were, rolled back by 2$/,
        ),
        expect.stringMatching(/^ {3}2 {2}20.* rollback of 1, by .*: \d+ definitions changed$/),
        '',
      ]);
      expect((await tellHistory(target, { forget: '1' })).text).toMatch(
        /^Removed what was recorded of 2 runs/,
      );
      expect(await ask(target, 'select from schema_fix_history.rows')).toEqual([]);
      expect((await tellHistory(target)).text).toMatch(/^Nothing is recorded/);
      await expect(tellHistory(target, { forget: '1' })).rejects.toThrow('no run 1 is recorded');
    });
  });

  it('says that nothing is recorded where nothing is', async () => {
    await withNotesTarget(async (target) => {
      expect((await tellHistory(target)).text).toMatch(/^Nothing is recorded in /);
      await expect(tellHistory(target, { forget: 'all' })).rejects.toThrow('nothing is recorded');
    });
  });
});
