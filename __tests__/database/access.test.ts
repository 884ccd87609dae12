/** What each person can do before the fix and after it, on the notes bundle, honest and not. */
import { describe, expect, it } from '@jest/globals';
import type { AccessResult } from '../../src/model.js';
import { sayDifference } from '../../src/report/say-access.js';
import { type Changes, thirdSection } from '../support/notes-bundle.js';
import { rehearseNotes } from '../support/rehearse-notes.js';

async function accessOf(changes: Changes): Promise<AccessResult> {
  const { access, apply } = await rehearseNotes(changes);
  if (access.outcome === 'skipped') {
    throw new Error(apply.outcome === 'fail' ? apply.problem?.message : access.reason);
  }
  return access;
}

/** Everything that is said of what must not be. */
async function complaintsAbout(changes: Changes): Promise<string> {
  const { outcome, differences, reasons } = await accessOf(changes);
  const said = differences.filter(({ isDeclared }) => !isDeclared).map(sayDifference);
  return [outcome, ...reasons, ...said].join('\n');
}

/** Before the fix, beside the notes. */
const inState = (sql: string): Changes => ({ 'states/01_writer.sql': (text) => `${text}\n${sql}\n` });

/** More of access.differences. */
const declares = (...differences: string[]): Changes => ({
  'bundle.yml': (text) =>
    text.replace(
      '  differences:\n',
      `  differences:\n${differences.map((one) => `    - ${one}\n`).join('')}`,
    ),
});

const archive = inState(`
    create table public.archive (id bigint primary key, body text, secret text);
    insert into public.archive values (1, 'old', 'who knows'), (2, 'older', 'nobody');
    grant select (id, body) on public.archive to app_user;`);

describe('access', () => {
  it('is what the rules say, and what nobody had before is declared', async () => {
    expect(await accessOf({})).toMatchObject({
      outcome: 'pass',
      people: 4,
      readAsBefore: 2,
      gained: 0,
      lost: 0,
      gainedAsDeclared: 2,
      lostAsDeclared: 0,
      verbs: ['read', 'change', 'delete', 'add'],
    });
  });

  describe('to a table without rows, by a policy that names a column which gets another name', () => {
    const marks = inState(`
      create table public.marks (note bigint);
      alter table public.marks enable row level security;
      create policy marks on public.marks to app_user using (exists (select from public.notes where notes.id = note and notes.writer = 'ann'));
      grant select on public.marks to app_user;`);

    it('is as it was', async () => {
      expect(await complaintsAbout(marks)).toBe('pass');
    });

    it('is not, where it asks something else as well', async () => {
      const widens = thirdSection(
        'alter policy marks on public.marks using (exists (select from public.notes where notes.id = note));',
      );
      expect(await complaintsAbout({ ...marks, ...widens })).toContain(
        'what decides about public.marks has changed for app_user, and no row is there to try it on',
      );
    });
  });

  describe('by a trigger of a definer on a column that was an enum and is a text', () => {
    const noted = (type: string, condition: string) => `
      create trigger note after update on public.tasks for each row when (${condition.replaceAll('TYPE', type)}) execute function public.note();`;
    const before = "old.word <> 'done'::TYPE and new.word in ('done', 'gone')";
    const tasks = inState(`
      create type public.word as enum ('open', 'done', 'gone');
      create table public.tasks (id bigint primary key, word public.word);
      create function public.note() returns trigger language plpgsql security definer set search_path = '' as $$ begin return new; end $$;
      ${noted('public.word', before)}`);
    const changed = (condition: string) =>
      thirdSection(`
        do $$ begin
          if pg_catalog.to_regtype('public.word') is not null then
            drop trigger note on public.tasks;
            alter table public.tasks alter column word type text;
            drop type public.word;
            ${noted('text', condition)}
          end if;
        end $$;`);

    it('is as it was, where it has the same words', async () => {
      expect(await complaintsAbout({ ...tasks, ...changed(before) })).not.toContain('sets off');
    });

    it.each([
      ['another word', before.replace('gone', 'open')],
      ['another column of its words', before.replace('old.word', 'new.word')],
      ['a word with a cast in it', before.replace("'gone'", "'gone::text'")],
    ])('is another, where it has %s', async (_what, condition) => {
      expect(await complaintsAbout({ ...tasks, ...changed(condition) })).toContain(
        'sets off public.note() by the trigger note, which acts with its owner',
      );
    });
  });

  it.each([
    ['whom the scenarios have for actors', 'writer is not null', true],
    ['nobody', 'writer = body', false],
  ])('says whether the query for people names anybody: %s', async (_whom, condition, isSeen) => {
    const people = `  people: |
    select distinct writer as person, 'app_user' as role, pg_catalog.json_build_object('sub', writer)::text as claims, null as settings
    from public.notes where ${condition}
`;
    const { seen } = await accessOf({
      'bundle.yml': (text) => text.replace('access:\n', `access:\n${people}`),
    });
    expect(seen.includes('access.people')).toBe(isSeen);
  });

  it('is as it was where a deferred trigger refuses a delete, and the fix leaves its constraints immediate', async () => {
    const kept = inState(`
      create table public.chairs (id bigint primary key, held_by text);
      insert into public.chairs values (1, 'ann'), (2, 'ben');
      grant select, delete on public.chairs to app_user;
      create function public.keep_chairs() returns trigger language plpgsql set search_path = '' as $$
      begin
        raise exception 'somebody sits there';
      end $$;
      create constraint trigger keep_chairs after delete on public.chairs deferrable initially deferred
      for each row execute function public.keep_chairs();`);
    expect(await complaintsAbout({ ...kept, ...thirdSection('set constraints all immediate;') })).toBe(
      'pass',
    );
  });

  it('says of a role that writes, and that the deployer may not become, that it was not tried', async () => {
    const { unseen, outcome } = await accessOf(
      inState(`reset role;
create role notes_job;
comment on role notes_job is 'created by schema-fix-action';
create role notes_idle;
comment on role notes_idle is 'created by schema-fix-action';
grant insert on public.notes to notes_job;
grant usage on schema public to notes_job;`),
    );
    expect(outcome).toBe('pass');
    expect(unseen).toEqual([
      'what the role notes_job writes was not tried, for the deployer may not become it',
    ]);
  });

  const recursion = `
    alter table public.notes enable row level security;
    grant select on public.notes to app_user;
    create policy recursive on public.notes for select to app_user
    using (exists (select from public.notes as other));`;
  const recursive = inState(recursion);
  const gone = {
    'sections/02_policies.sql': (text: string) =>
      text.replace('do $', () => 'drop policy if exists recursive on public.notes;\ndo $'),
  };
  it('does not take for lost, or for gained, what was tried of some rows alone', async () => {
    const many = inState(
      "insert into public.notes (writer, body) select 'ann', 'note ' || n from generate_series(1, 90) as n;",
    );
    expect(await accessOf(many)).toMatchObject({ outcome: 'pass', gained: 0, lost: 0, gainedAsDeclared: 2 });
    const shut = thirdSection(`alter policy "own notes" on public.notes with check (body <> 'note 7');`);
    const opened = thirdSection(
      'create policy anybody on public.notes for insert to app_user with check (true);',
    );
    expect(await complaintsAbout({ ...many, ...opened })).toContain('add a copy');
    expect((await accessOf({ ...many, ...shut })).outcome).toBe('fail');
  });

  it('lets people read again who were refused by an error', async () => {
    expect(await accessOf({ ...recursive, ...gone })).toMatchObject({
      outcome: 'pass',
      readAgain: 2,
      readAsBefore: 4,
    });
  });

  describe('of a table of others, whose policies were led into the recursion of ours', () => {
    const others = inState(`${recursion}
      create table public.stars (body text);
      insert into public.stars select body from public.notes;
      alter table public.stars enable row level security;
      grant select on public.stars to app_user;
      create policy of_notes on public.stars for select to app_user
      using (exists (select from public.notes as note where note.body = stars.body));`);

    it('expects what these say now', async () => {
      expect(await accessOf({ ...others, ...gone })).toMatchObject({ outcome: 'pass', readAgain: 2 });
    });

    it('is not content where the fix changed one', async () => {
      const said = await complaintsAbout({
        ...others,
        ...gone,
        ...thirdSection('alter policy of_notes on public.stars using (true);'),
      });
      expect(said).toContain(
        'read 3 rows of public.stars: before, the database answered with an error (42P17, infinite recursion detected in policy for relation "notes")',
      );
    });
  });

  it.each<[string, string, string[]]>([
    [
      'a policy that no scenario tries',
      'create policy anybody on public.notes for select to app_user using (body <> $$milk$$);',
      ['read', 'public.notes', 'access/01_own_notes.sql says that they must not'],
    ],
    [
      'row level security that is off',
      'alter table public.notes disable row level security;',
      ['4 people can now read', 'delete'],
    ],
    [
      'a view with its owner’s rights',
      'create or replace view public.everything as select body from public.notes; grant select on public.everything to app_user;',
      ['read', 'public.everything'],
    ],
    [
      'a copy in a new table',
      `do $$ begin if to_regclass('public.copies') is null then
         create table public.copies as select * from public.notes; end if; end $$;
       grant select on public.copies to public;`,
      ['read', 'public.copies'],
    ],
    [
      'a materialized view',
      `create materialized view if not exists public.frozen as select body from public.notes;
       grant select on public.frozen to app_user;`,
      ['read', 'public.frozen'],
    ],
    [
      'a definer function',
      `create or replace function public.all_notes() returns setof public.notes language sql security definer
       set search_path = '' as 'select * from public.notes';`,
      ['public.all_notes()', 'app_user may call'],
    ],
    [
      'a policy for the actors of the scenarios only',
      `drop policy if exists friends on public.notes;
       create policy friends on public.notes for select to app_user
       using (current_setting('request.jwt.claims', true)::jsonb ->> 'sub' = 'ben');`,
      ['ben', 'read 1 row of public.notes'],
    ],
    [
      'changes only',
      'create policy anybody on public.notes for update to app_user using (true);',
      ['change'],
    ],
    [
      'deletions that read nothing',
      'create policy anybody on public.notes for delete to app_user using (true);',
      ['can now delete 2 rows'],
    ],
    [
      'additions',
      'create policy anybody on public.notes for insert to app_user with check (true);',
      ['add a copy'],
    ],
  ])('is not opened by %s', async (_, sql, words) => {
    const complaints = await complaintsAbout(
      thirdSection(sql.replace(/create policy (\w+) on/, 'drop policy if exists $1 on public.notes;\n$&')),
    );
    for (const word of ['fail', ...words]) expect(complaints).toContain(word);
  });

  it.each<[string, string, string]>([
    [
      'a column',
      'grant select (secret) on public.archive to app_user;',
      'app_user may read secret of public.archive',
    ],
    [
      'rows to changes',
      'grant update (body) on public.archive to app_user;',
      'can now change 2 rows of public.archive',
    ],
    [
      'rows to deletion',
      'grant delete on public.archive to public;',
      'can now delete 2 rows of public.archive',
    ],
  ])('is not opened beside the fix’s tables: %s', async (_, sql, complaint) => {
    expect(await complaintsAbout({ ...archive, ...thirdSection(sql) })).toContain(complaint);
  });

  describe('of a table that is a view now, over the table under its new name', () => {
    const shelf = inState(`
      create table public.shelf (id bigint primary key, title text not null default 'none');
      insert into public.shelf values (1, 'old'), (2, 'older');
      grant select, insert on public.shelf to app_user;`);
    const renamed = (sql: string): Changes =>
      thirdSection(`do $$ begin if to_regclass('public.books') is null then
        alter table public.shelf rename to books;
        create view public.shelf with (security_invoker = true) as select * from public.books;
        grant select on public.shelf to app_user;
        ${sql} end if; end $$;`);
    const complaint = 'can no longer add a copy of 2 rows of public.shelf';

    it('tries to add the same rows through it', async () => {
      const said = await complaintsAbout({
        ...shelf,
        ...renamed('grant insert on public.shelf to app_user;'),
      });
      expect(said).not.toContain(complaint);
    });

    it.each([
      ['that nobody may add to', ''],
      [
        'whose table refuses it',
        'grant insert on public.shelf to app_user; revoke insert on public.books from app_user;',
      ],
      [
        'that leaves out what its table asks for now',
        `grant insert on public.shelf to app_user;
         alter table public.books add column place text not null default 'here'; alter table public.books alter column place drop default;`,
      ],
      [
        'that may refuse what an application leaves out, by a trigger',
        `grant insert on public.shelf to app_user;
         create function public.put() returns trigger language plpgsql as 'begin insert into public.books values (new.*); return new; end';
         create trigger put instead of insert on public.shelf for each row execute function public.put();`,
      ],
    ])('fails with one %s', async (_, sql) => {
      expect(await complaintsAbout({ ...shelf, ...renamed(sql) })).toContain(complaint);
    });
  });

  describe.each(['view', 'materialized view'])(
    'of a %s that the fix makes again, with other rows',
    (kind) => {
      const sums = inState(`
      create table public.lines (price float8);
      insert into public.lines values (12.299999999999999), (7.5);
      create ${kind} public.sums as select sum(price) as total from public.lines;
      grant select on public.sums to app_user;`);
      const again =
        thirdSection(`do $$ begin if pg_get_viewdef('public.sums'::regclass) not like '%numeric%' then
        drop ${kind} public.sums;
        create ${kind} public.sums as select sum(price::numeric(12, 1)) as total from public.lines;
        grant select on public.sums to app_user; end if; end $$;`);
      const difference = (outcome: string) =>
        `{ table: public.sums, verb: read, outcome: ${outcome}, reason: exact }`;

      it('lets those go that access.differences declares, for no rule can name one', async () => {
        const said = await complaintsAbout({
          ...sums,
          ...again,
          ...declares(difference('gained'), difference('lost')),
        });
        expect(said).not.toContain('public.sums:');
      });

      it('tells what is not declared', async () => {
        const said = await complaintsAbout({ ...sums, ...again, ...declares(difference('gained')) });
        expect(said).toContain('can no longer read 1 row of public.sums: no rule of access/ says so');
      });
    },
  );

  it.each<[string, string, string]>([
    [
      'a privilege',
      'revoke select on public.archive from app_user;',
      'can no longer read 2 rows of public.archive',
    ],
    [
      'a policy',
      'alter table public.archive enable row level security;',
      'can no longer read 2 rows of public.archive',
    ],
    [
      'an error',
      `create or replace function public.fails() returns boolean language plpgsql as 'begin perform 1 / 0; return true; end';
       alter table public.archive enable row level security;
       drop policy if exists broken on public.archive;
       create policy broken on public.archive using (public.fails());`,
      'the database answers 22012',
    ],
  ])('is not shut by %s', async (_, sql, complaint) => {
    const complaints = await complaintsAbout({ ...archive, ...thirdSection(sql) });
    expect(complaints).toContain('fail');
    expect(complaints).toContain(complaint);
  });

  it.each<[string, string, string]>([
    [
      'speaks of nothing',
      "select null as person, null as source, null as row, 'read' as verb where false",
      'speak of none of 3 rows',
    ],
    ['returns something else', 'select 1 as person', 'a rule returns (person, source, row, verb)'],
    ['fails', 'select 1 / 0', 'access/01_own_notes.sql:2: division by zero'],
    [
      'lets everybody in',
      "select p.person, 'public.notes' as source, n.ctid::text as row, 'read' as verb from public.notes as n cross join pg_temp.people as p",
      'access/01_own_notes.sql says that they can',
    ],
  ])('fails with a rule that %s', async (_, sql, complaint) => {
    const complaints = await complaintsAbout({ 'access/01_own_notes.sql': `--! Title: Rule\n${sql}\n` });
    expect(complaints).toContain('fail');
    expect(complaints).toContain(complaint);
  });

  it('fails where a difference is right but not declared', async () => {
    const changes = { 'bundle.yml': (text: string) => text.replace(/access:\n(?: .*\n)+/, '') };
    expect(await complaintsAbout(changes)).toContain(
      'access/01_own_notes.sql says so, but nothing declares that it is new',
    );
  });

  describe('of a column that a view shows newly', () => {
    const shown = {
      ...inState('create view public.titles as select 1 as id; grant select on public.titles to app_user;'),
      ...thirdSection("create or replace view public.titles as select 1 as id, 'x'::text as title;"),
    };

    it('says what to declare', async () => {
      expect(await complaintsAbout(shown)).toContain(
        'app_user may read title of public.titles, which it could not: revoke that, or declare it under access.differences of bundle.yml: { table: public.titles, verb: read, outcome: gained, columns: [title], reason: … }',
      );
    });

    it('takes that for an answer', async () => {
      const declared = declares(
        '{ table: public.titles, verb: read, outcome: gained, columns: [title], reason: new }',
      );
      expect(await complaintsAbout({ ...shown, ...declared })).not.toContain('public.titles');
    });
  });

  it.each([
    [', null as denied', false],
    [", 'nobody reads milk' as denied", true],
  ])('hears of a rule that names no person%s', async (denied, isHeard) => {
    const said = await complaintsAbout({
      ...archive,
      ...thirdSection('revoke select on public.archive from app_user;'),
      'access/02_archive.sql': `--! Title: The archive is shut
select null as person, 'public.archive' as source, a.ctid::text as row, 'read' as verb${denied} from public.archive as a
`,
    });
    expect(said.includes('public.archive')).toBe(!isHeard);
  });

  it.each<[string, string, string | null]>([
    ["'nobody reads milk' as may_lose", 'lets everybody cease to reach the row', null],
    [
      "'milk for all' as may_gain",
      'lets nobody in',
      'access/02_archive.sql: returned may_gain for no person; nobody is let in without being named',
    ],
    [
      "'public.archive' as destination, 'nobody reads milk' as may_lose",
      'holds wherever the row is',
      'access/02_archive.sql: returned may_gain or may_lose with a destination',
    ],
  ])('of a rule that names no person, %s %s', async (column, _what, complaint) => {
    const said = await complaintsAbout({
      ...archive,
      ...thirdSection('revoke select on public.archive from app_user;'),
      'access/02_archive.sql': `--! Title: The archive is shut
select null as person, 'public.archive' as source, a.ctid::text as row, 'read' as verb, ${column} from public.archive as a
`,
    });
    if (complaint === null) expect(said).not.toContain('public.archive');
    else expect(said).toContain(complaint);
  });

  it('tells which declared differences nothing falls under', async () => {
    const { idle } = await accessOf({
      ...inState('create view public.titles as select 1 as id; grant select on public.titles to app_user;'),
      ...thirdSection("create or replace view public.titles as select 1 as id, 'x'::text as title;"),
      ...declares(
        '{ table: public.titles, verb: read, outcome: gained, columns: [title], reason: new }',
        '{ table: public.titles, verb: read, outcome: gained, columns: [id], reason: new }',
        '{ table: public.notes, verb: read, outcome: lost, when: open, reason: everybody did }',
      ),
    });
    expect(idle).toEqual([
      { table: 'public.titles', verb: 'read', outcome: 'gained', when: null, columns: ['id'] },
      { table: 'public.notes', verb: 'read', outcome: 'lost', when: 'open', columns: null },
    ]);
  });

  it('fails where nobody could be tried', async () => {
    const shut = {
      'bundle.yml': (text: string) => text.replaceAll('role: app_user', 'role: app_shut'),
      'platforms/app.sql': (text: string) => `${text}
        do $$ begin create role app_shut nologin bypassrls; exception when duplicate_object then null; end $$;
        comment on role app_shut is 'created by schema-fix-action';`,
    };
    const { outcome, access } = await rehearseNotes(shut);
    expect({ outcome, access }).toMatchObject({
      outcome: 'fail',
      access: {
        outcome: 'fail',
        people: 0,
        // Roles belong to the server: those that other tests made, too, are told of.
        reasons: [
          expect.stringMatching(
            /^nobody was tried: .*no policy binds the role app_shut.*\. Give the actors a role that row level security binds, and that the deployer may become$/,
          ),
        ],
      },
    });
  });

  it('reads whole rows, also of a table whose column is called as the query calls the table', async () => {
    const added = "alter table public.notes add column t text; update public.notes set t = 'x' where id = 2;";
    const { outcome, access } = await rehearseNotes({
      'states/01_writer.sql': (text: string) => `${text}\n${added}\n`,
    });
    expect({ outcome, access: access.outcome }).toEqual({ outcome: 'pass', access: 'pass' });
  });

  it('leaves nothing behind of what it tried', async () => {
    const { rerun, preservation } = await rehearseNotes({});
    expect([rerun.outcome, preservation.outcome]).toEqual(['pass', 'pass']);
  });
});
