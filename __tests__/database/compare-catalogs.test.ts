import { describe, expect, it } from '@jest/globals';
import { withSession } from '../../src/database/with-session.js';
import { withRollback, withSavepointRollback } from '../../src/database/with-transaction.js';
import type { RowDifference } from '../../src/model.js';
import { readDeployer } from '../../src/stages/preservation/compare-database.js';
import { compareEntries } from '../../src/stages/preservation/compare-entries.js';
import { compareObjects } from '../../src/stages/preservation/compare-objects.js';
import { readCatalogs, withoutOthersDoing } from '../../src/stages/preservation/read-catalogs.js';
import { countServerWrites } from '../../src/stages/preservation/server-writes.js';
import { readServersOwn } from '../../src/stages/preservation/what-objects-ask.js';
import { useTestDatabase, withPlatformDatabases } from '../support/server.js';
import { someOf } from '../support/some-of.js';

const connection = useTestDatabase();

/** A database of which no manifest says anything. */
const made = `
create role schema_keeper;
create extension hstore schema public;
create table public.notes (id int primary key, body text collate "C", day date, unique (body), check (id > 0));
create table public.answers (id bigint generated always as identity, note int references public.notes, remark text);
create table public.parted (id int) partition by list (id);
create table public.part partition of public.parted for values in (1);
create index notes_day on public.notes (day);
create statistics public.notes_body (dependencies) on body, day from public.notes;
create view public.days as select day from public.notes;
create materialized view public.bodies as select body from public.notes;
create sequence public.numbers;
create domain public.short as text check (length(value) < 9);
create function public.noted() returns trigger language plpgsql as 'begin return new; end';
create function public.watched() returns event_trigger language plpgsql as 'begin end';
create function public.one() returns int language sql as 'select 1';
create trigger noted before insert on public.notes for each row execute function public.noted();
create rule quiet as on delete to public.answers do instead nothing;
create policy mine on public.notes using (true);
create publication heard for table public.notes;
create foreign data wrapper nowhere;
create server elsewhere foreign data wrapper nowhere;
create foreign table public.far (id int) server elsewhere;
create user mapping for public server elsewhere options (word 'x');
create text search configuration public.words (copy = simple);
create operator family public.family using btree;
`;

/** Of whom a policy may ask, and what. */
const asked = `
create function public.me() returns uuid language sql stable
as $$ select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid $$;
create table public.people (id uuid, mail text);
create type public.mood as enum ('good', 'bad');
create table public.letters (id int, person uuid, body text, at timestamptz, price numeric, mood public.mood);

-- Older things by which the server asks something that nobody sees in a policy.
create function public.told(said text) returns boolean language sql stable as $$ select current_setting('application_name') = said $$;
create view public.doors as select 1 as one where current_setting('application_name') = 'x';
create view public.rooms as select one from public.doors;
create operator public.@= (function = public.told, rightarg = text);
create type public.named as (said text);
create function public.to_named(said text) returns public.named language sql stable
as $$ select case when current_setting('application_name') = 'x' then row(said)::public.named end $$;
create cast (text as public.named) with function public.to_named(text);
create domain public.strict as text check (current_setting('application_name') <> 'y');
create domain public.stricter as public.strict;
create type public.pair as (one public.strict, two int);
create table public.gates (id int);
alter table public.gates enable row level security;
create policy ours on public.gates using (current_setting('application_name') = 'x');
create view public.asked_gates with (security_invoker = true) as select id from public.gates;
create function public.by_a_view() returns boolean language sql stable as 'select exists (select from public.rooms)';
create function public.by_an_operator(said text) returns boolean language sql stable as 'select operator(public.@=) said';
create function public.by_a_cast(said text) returns boolean language sql stable as 'select (said::public.named) is null';
create function public.by_a_domain(said text) returns boolean language plpgsql stable
as 'declare one public.strict; begin one := said; return true; exception when check_violation then return false; end';
create function public.by_a_gate() returns boolean language sql stable as 'select exists (select from public.gates)';
create function public.parsed() returns boolean language sql stable begin atomic select exists (select from public.doors); end;

-- And those that ask nothing, or ask it as somebody whom no policy stops.
create view public.plain as select id from public.people;
create view public.past_gates as select id from public.gates;
create function public.past_a_gate() returns boolean language sql stable security definer
as 'select exists (select from public.gates)';
`;

const empty = { changes: [], drops: [], adds: [], preserve: [], tables: [], access: {} };

async function differencesBy(
  statements: readonly string[],
  more = '',
  own: readonly string[] = [],
): Promise<string[][]> {
  return withSession(connection(), (session) =>
    withRollback(session, async () => {
      await session.query(made + more);
      const atFirst = await readCatalogs(session);
      const bundle = { ...empty, access: { functions: [] } } as unknown as Parameters<
        typeof compareObjects
      >[0];
      const server = await readServersOwn(session);
      const deployer = await readDeployer(session);
      const found: string[][] = [];
      for (const statement of statements) {
        const differences = await withSavepointRollback(session, async (): Promise<RowDifference[]> => {
          const before = { ...atFirst, serverWrites: await countServerWrites(session) };
          await session.query(statement);
          // Other tests change the server's roles meanwhile.
          const ours = withoutOthersDoing(before, await readCatalogs(session));
          return [
            ...compareObjects(bundle, {
              ...ours.objects,
              uses: ours.uses,
              own,
              tried: [],
              settings: [],
              server,
              deployer,
            }).differences,
            ...compareEntries(bundle, ours.entries).differences,
            ...(ours.hasHiddenRoleWrites ? [ofARole] : []),
            ...(ours.hasHiddenMappingWrites ? [ofAMapping] : []),
          ];
        });
        found.push(differences.map(({ word, table, columns }) => [`${table}:`, ...columns, word].join(' ')));
      }
      return found;
    }),
  );
}

const role = 'schema_keeper';
const ofARole: RowDifference = { word: 'changed', table: 'a role', key: null, columns: [] };
const ofAMapping: RowDifference = { word: 'changed', table: 'a user mapping', key: null, columns: [] };
const label = (of: string, catalog: string) =>
  `set local allow_system_table_mods = on; insert into pg_shseclabel select oid, '${catalog}'::regclass, 'keeper', 'open' from ${of}`;

/** Each changes one thing that somebody may miss. */
const statements = [
  'alter function public.one() depends on extension hstore',
  'alter trigger noted on public.notes depends on extension hstore',
  'alter index public.notes_day depends on extension hstore',
  'alter materialized view public.bodies depends on extension hstore',
  'drop function public.one(); create function public.one() returns int language sql as $$select 1$$; alter function public.one() depends on extension hstore',
  'alter extension hstore add function public.one()',
  'alter extension hstore add table public.notes',
  'alter extension hstore drop function public.hstore(text, text)',
  'create schema aside; alter extension hstore set schema aside',
  'alter table public.notes set (autovacuum_enabled = off)',
  'alter table public.notes set (toast.autovacuum_enabled = off)',
  'alter table public.notes set (fillfactor = 10)',
  'alter table public.notes alter body set statistics 0',
  'alter table public.notes alter body set (n_distinct = 1)',
  'alter table public.notes alter body set storage external',
  'alter table public.notes alter body set compression pglz',
  'alter table public.notes cluster on notes_pkey',
  'alter trigger noted on public.notes rename to z',
  'alter rule quiet on public.answers rename to z',
  'alter table public.answers rename constraint answers_note_fkey to z',
  'alter sequence public.numbers rename to z',
  'alter publication heard rename to z',
  'alter table public.notes drop constraint notes_body_key, add constraint notes_body_key unique nulls not distinct (body)',
  'alter table public.notes replica identity full',
  'alter table public.notes replica identity using index notes_pkey',
  'alter table public.answers alter remark type text collate "POSIX"',
  'alter table public.answers set unlogged',
  `alter table public.notes owner to ${role}`,
  'alter table public.notes enable row level security',
  'alter table public.notes force row level security',
  'alter table public.notes disable trigger noted',
  'alter table public.notes enable replica trigger noted',
  'alter table public.notes enable always trigger noted',
  'alter table public.answers disable trigger all',
  'alter table public.answers disable rule quiet',
  'alter table public.answers enable always rule quiet',
  'alter table public.answers alter constraint answers_note_fkey deferrable initially deferred',
  'alter table public.answers alter constraint answers_note_fkey deferrable',
  'alter table public.answers drop constraint answers_note_fkey; alter table public.answers add constraint answers_note_fkey foreign key (note) references public.notes not valid',
  'alter table public.notes drop constraint notes_id_check; alter table public.notes add constraint notes_id_check check (id > 0) not valid',
  'alter table public.notes drop constraint notes_id_check; alter table public.notes add constraint notes_id_check check (id > 0) no inherit',
  'drop index public.notes_day; create index notes_day on public.notes (day desc)',
  'alter table public.answers alter id set generated by default',
  'alter table public.answers alter id drop identity',
  'alter table public.answers alter id set cache 1000',
  'alter table public.answers alter id set increment -1',
  'alter table public.answers alter id set cycle',
  'alter sequence public.numbers cache 1000',
  'alter sequence public.numbers cycle',
  'alter sequence public.numbers owned by public.notes.id',
  `alter sequence public.numbers owner to ${role}`,
  'create table public.parent (id bigint); alter table public.answers alter id set not null; alter table public.parent alter id set not null; alter table public.answers inherit public.parent',
  'alter table public.parted detach partition public.part',
  'create type public.shape as (id bigint, note int, remark text); alter table public.answers of public.shape',
  'alter index public.notes_day set (fillfactor = 10)',
  'alter index public.notes_pkey set (fillfactor = 10)',
  'create index on public.notes ((id + 1)); drop index public.notes_day',
  'create index on public.answers (remark)',
  'create index on public.answers (note) include (remark)',
  'create index on public.answers using brin (remark)',
  'create index on public.notes (day) where 1 / id > 0',
  'drop statistics public.notes_body',
  'alter statistics public.notes_body set statistics 0',
  `alter statistics public.notes_body owner to ${role}`,
  'alter view public.days set (security_invoker = true)',
  'alter view public.days set (security_barrier = true)',
  'alter view public.days set (check_option = local)',
  "alter view public.days alter day set default '2020-01-01'",
  'refresh materialized view public.bodies with no data',
  'alter function public.one() cost 9000',
  'alter function public.one() immutable',
  'alter function public.one() strict',
  'alter function public.one() parallel safe',
  'alter function public.one() leakproof',
  'alter function public.one() security definer',
  "alter function public.one() set search_path = ''",
  `alter function public.one() owner to ${role}`,
  `alter domain public.short owner to ${role}`,
  'alter domain public.short drop constraint short_check',
  "alter domain public.short set default 'x'",
  `alter schema public owner to ${role}`,
  `create policy other on public.notes to ${role} using (true)`,
  `alter policy mine on public.notes to ${role}`,
  'alter publication heard set (publish = insert)',
  'alter publication heard add table public.answers',
  'alter publication heard set table public.notes (id)',
  'alter publication heard set table public.notes where (id > 5)',
  'alter publication heard add tables in schema public',
  `alter publication heard owner to ${role}`,
  "create subscription sub connection 'dbname=x' publication heard with (connect = false)",
  'create event trigger watch on ddl_command_end execute function public.watched()',
  'alter default privileges grant select on tables to public',
  `alter role ${role} set work_mem = '64kB'`,
  `alter role ${role} connection limit 0`,
  `create role schema_other; alter role ${role} password 'another'`,
  `comment on role ${role} is 'x'`,
  label(`pg_authid where rolname = '${role}'`, 'pg_authid'),
  label('pg_database where datname = current_database()', 'pg_database'),
  "do $$ begin execute format('comment on database %I is %L', current_database(), 'x'); end $$",
  "do $$ begin execute format('alter database %I set work_mem = %L', current_database(), '64kB'); end $$",
  "do $$ begin execute format('alter database %I connection limit 0', current_database()); end $$",
  "do $$ begin execute format('alter database %I is_template true', current_database()); end $$",
  'grant set on parameter work_mem to public',
  "comment on constraint notes_pkey on public.notes is '@omit'",
  "comment on trigger noted on public.notes is 'x'",
  "comment on policy mine on public.notes is 'x'",
  "comment on table public.notes is '@omit'",
  "comment on column public.notes.body is '@omit'",
  "comment on function public.one() is '@omit'",
  "alter server elsewhere options (add host 'x')",
  "alter foreign table public.far options (add host 'x')",
  "alter foreign table public.far alter id options (add host 'x')",
  "alter foreign data wrapper nowhere options (add host 'x')",
  "alter user mapping for public server elsewhere options (set word 'y')",
  'drop user mapping for public server elsewhere',
  'alter text search configuration public.words drop mapping for word',
  'drop operator family public.family using btree',
  'alter operator family public.family using btree add function 1 (int, int) btint4cmp(int, int)',
  'create access method other type table handler heap_tableam_handler',
  'create cast (public.short as int) with inout',
  "create function public.taken(internal) returns internal language internal immutable as 'prsd_end'; create transform for public.hstore language plpgsql (from sql with function public.taken(internal))",
];

const loud =
  "create function public.loud(said text) returns text language plpgsql immutable as 'begin perform pg_notify(''heard'', said); return said; end';";
const noting = (name: string) =>
  `create function public.${name}() returns trigger language plpgsql as 'begin insert into public.answers (remark) values (new.body); return new; end';`;

/** On tables of the fix: each does something that whoever reads or writes a row did not ask for. */
const acting = [
  'create rule copy as on insert to public.notes do also insert into public.answers (remark) values (new.body)',
  'create rule copy as on update to public.notes do instead select * from public.answers',
  'create or replace rule quiet as on delete to public.answers do also delete from public.notes',
  'alter table public.answers enable always rule quiet',
  'create table public.fresh (id int); create rule copy as on insert to public.fresh do also delete from public.notes',
  'create view public.fresh as select 1 as id; create rule copy as on insert to public.fresh do instead delete from public.notes',
  'create table public.fresh (id int); alter publication heard add table public.fresh',
  'alter table public.answers add foreign key (id) references public.notes on delete cascade',
  'alter table public.answers add foreign key (id) references public.notes on update cascade',
  'alter table public.answers add foreign key (note) references public.notes on delete set null',
  'alter table public.answers add foreign key (id) references public.notes on delete set default',
  'alter table public.answers drop constraint answers_note_fkey, add constraint answers_note_fkey foreign key (note) references public.notes on delete cascade',
  'create table public.fresh (note int references public.notes on delete cascade)',
  'create table public.fresh (id int references public.notes, twin int references public.notes on update set null)',
  'create table public.fresh (id int) partition by list (id); alter table public.fresh add foreign key (id) references public.notes on delete cascade',
  `${loud} create policy other on public.notes using (public.loud(body) is not null)`,
  `${loud} create policy other on public.notes for insert with check (public.loud(body) is not null)`,
  `${loud} alter table public.notes add check (public.loud(body) is not null)`,
  `${loud} alter table public.notes alter body set default public.loud('x')`,
  `${loud} alter table public.notes add said text generated always as (public.loud(body)) stored`,
  `${loud} create index on public.notes (public.loud(body))`,
  `${loud} create unique index on public.notes (public.loud(body))`,
  `${loud} create index on public.notes (id) where public.loud(body) is not null`,
  `${loud} create view public.fresh as select public.loud(body) from public.notes`,
  `${loud} create domain public.fresh as text check (public.loud(value) is not null)`,
  `${loud} create function public.inner(said text) returns text language sql as 'select public.loud(said)'; create policy other on public.notes using (public.inner(body) is not null)`,
  `${noting('copied')} create trigger copied before insert on public.notes for each row execute function public.copied()`,
  `${noting('copied')} create constraint trigger copied after insert on public.notes deferrable initially deferred for each row execute function public.copied()`,
  `${noting('copied')} create view public.fresh as select body from public.notes; create trigger copied instead of insert on public.fresh for each row execute function public.copied()`,
  "create or replace function public.noted() returns trigger language plpgsql as 'begin delete from public.answers; return new; end'",
  'create table public.parent (like public.notes); alter table public.parent add primary key (id); alter table public.notes inherit public.parent',
  `alter table public.notes owner to ${role}`,
  `create table public.fresh (id int); alter table public.fresh owner to ${role}`,
  `create view public.fresh as select 1 as id; alter view public.fresh owner to ${role}`,
  `create function public.fresh() returns int language sql as 'select 1'; alter function public.fresh() owner to ${role}`,
  `create schema fresh authorization ${role}`,
];

/** And what does nothing else. */
const idle = [
  'create table public.fresh (id int primary key, note int references public.notes, at timestamptz default now())',
  'alter table public.answers add foreign key (id) references public.notes',
  "create function public.touched() returns trigger language plpgsql as 'begin new.day := current_date; return new; end'; create trigger touched before update on public.notes for each row execute function public.touched()",
  "create function public.longer(said text) returns boolean language sql immutable as 'select length(said) > 1'; alter table public.notes add check (public.longer(body))",
  'alter table public.answers rename to replies',
  'alter table public.notes rename body to words',
  'create view public.fresh as select body from public.notes',
];

/** Conditions of policies that answer otherwise elsewhere, at another time, or to somebody who was not tried. */
const untried = [
  "current_setting('request.jwt.claims', true) like '%gold%'",
  "length(current_setting('request.jwt.claims', true)) > 2000",
  "extract(year from ('tod' || 'ay')::timestamp) > 2026",
  'tableoid::int8 > 6000000',
  'pg_trigger_depth() > 0',
  "not row_security_active('public.letters')",
  'uuid_extract_version(public.me()) = 1',
  'length(public.me()::text) <> 36',
  "id::text like replace(public.me()::text, 'f', '%')",
  "public.me()::text like 'x%'",
  "(select public.me())::text like 'x%'",
  "exists (select from (select public.me() as u) as s where right(s.u::text, 1) = 'x')",
  "public.me() < '00000000-0000-4000-8000-000000000001'",
  'hashtext(public.me()::text) % 7 = 3.5',
  "case public.me()::text when 'x' then true end",
  "public.me()::text in ('x', 'y')",
  "public.me()::text = any(array['x', 'y'])",
  "at::text like '%+05:45'",
  "at || '' like '%+05:45'",
  "concat(at) like '%+05:45'",
  "array[at]::text like '%+05:45%'",
  "row(at)::text like '%+05:45%'",
  "at::date = date '1999-01-01'",
  "to_char(at, 'YYYY-MM-DD') = '1999-01-01'",
  "to_char(at at time zone 'UTC', 'TMDay') = 'lundi'",
  "to_char(at at time zone 'UTC', body) = 'x'",
  'extract(hour from at) = 99',
  "date_trunc('day', at) = at + interval '1000 years'",
  "to_json(at)::text like '%+05:45%'",
  "now() > timestamptz '2030-01-01'",
  'extract(year from now()) > 2030',
  "date_part('epoch', now()) > 2e9",
  "substring(public.me()::text from 'x') is not null",
  'exists (select from public.answers limit (ascii(public.me()::text) - 48))',
  'at > (body)::timestamptz',
  "(price::float8)::text = 'x'",
  "md5(body || public.me()::text) like '00%'",
  "now() - timestamptz '2020-01-01' > interval '20 years'",
  "(select now()) > timestamptz '2035-01-01'",
  "public.me() = ('ffff' || 'ffff00000000000000000000ffff')::uuid",
  "exists (with recursive r as (select public.me()::text as t union all select substr(t, 2) from r where length(t) > 0) select from r where t = 'x')",
  'exists (select from public.doors)',
  'exists (select from public.rooms)',
  "operator(public.@=) 'x'",
  '(body::public.named) is null',
  '(body::public.strict)::text is null',
  '(body::public.stricter)::text is null',
  '(array[body]::public.strict[])[1]::text is null',
  '((row(body, 1)::public.pair).one)::text is null',
  'exists (select from public.gates)',
  'exists (select from public.asked_gates)',
  'public.by_a_view()',
  'public.by_an_operator(body)',
  'public.by_a_cast(body)',
  'public.by_a_domain(body)',
  'public.by_a_gate()',
  'public.parsed()',
  "to_char(at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') < '2100'",
];

/** And those that ask what is tried. */
const tried = [
  'person = public.me()',
  'person = (select public.me())',
  "at < now() - interval '1 day'",
  'at::timestamptz < now()',
  'exists (select from public.people as h where h.id = public.me())',
  'public.me() is not null',
  'public.me() in (select h.id from public.people as h)',
  "coalesce(body, '') not like public.me()::text || '/%'",
  "mood::text in ('debit', 'credit')",
  'public.me() = any(array(select h.id from public.people as h))',
  "nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub' = (select public.me())::text",
  "nullif(current_setting('request.jwt.claims', true), '') is not null",
  "coalesce(split_part(body, '/', 1), '') <> public.me()::text",
  "at > now() - interval '100 years'",
  "(at at time zone 'UTC')::date < '2100-01-01'",
  "exists (select 1 from public.people as p where lower(p.mail) <> '' and p.id = (select public.me()))",
  'array_position(array[person], public.me()) is not distinct from array_position(array[person], public.me())',
  'exists (select from public.plain)',
  'exists (select from public.past_gates)',
  'public.past_a_gate()',
  '(body::public.short)::text is null',
];

describe('the comparison of the catalogs', () => {
  it('finds nothing where nothing differs', async () => {
    const harmless = [
      'select 1',
      'analyze public.notes',
      'create type public.span as range (subtype = float8)',
      "create index on public.notes (id desc, day) where day > '2020-01-01' and (body is null or id in (1, 2))",
      'create index on public.answers using hash (remark)',
      'create index on public.answers using spgist (remark)',
      'create table public.small (code varchar(40), price numeric(10, 2), name name); create index on public.small (code, price, name)',
    ];
    expect(await differencesBy(harmless)).toEqual(harmless.map(() => []));
  });

  it('sees each of these', async () => {
    const chosen = someOf(statements, 12);
    const found = await differencesBy(chosen);
    const unseen = chosen.filter((_, index) => found[index]?.length === 0);
    expect(unseen).toEqual([]);
  });

  it('sees what acts on tables of the fix beyond the row that is read or written', async () => {
    const own = ['public.notes', 'public.answers'];
    const chosen = [...someOf(acting, 4), ...idle];
    const found = await differencesBy(chosen, '', own);
    const silent = chosen.filter((_, index) => found[index]?.length === 0);
    expect(silent).toEqual(idle);
  });

  it('sees what a policy asks of who is there, of the time and of the session, however it is written', async () => {
    const create = (condition: string, name: string) =>
      `create policy ${name} on public.letters using (${condition});`;
    const [found = []] = await differencesBy(
      [
        [
          ...untried.map((one, at) => create(one, `untried_${at}`)),
          ...tried.map((one, at) => create(one, `tried_${at}`)),
        ].join(''),
      ],
      asked,
    );
    const asking = found.flatMap((text) => /^policy (\w+).*(?:asks|depends)/.exec(text)?.[1] ?? []);
    expect([...new Set(asking)].sort()).toEqual(untried.map((_, at) => `untried_${at}`).sort());
  });

  it('sees a new password, which is shown to nobody, while nobody else changes the roles of the server', async () => {
    const found = await withPlatformDatabases([], (databases) =>
      databases.withRoles({ changes: true }, () =>
        differencesBy(
          [
            `alter role ${role} password 'another'`,
            `alter role ${role} connection limit 7; alter role schema_clerk password 'another'`,
            `alter role ${role} connection limit 7; alter role schema_clerk connection limit 7`,
            'alter role schema_clerk rename to schema_writer',
          ],
          'create role schema_clerk',
        ),
      ),
    );
    expect(found.map((differences) => differences.includes('a role: changed'))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('sees other options of a user mapping that the deployer may change and not see', async () => {
    const mapping = 'user mapping for schema_clerk server elsewhere';
    const [changed, again, none] = await differencesBy(
      [
        `alter ${mapping} options (set word 'y')`,
        `drop ${mapping}; create ${mapping} options (word 'y')`,
        'select 1',
      ],
      `create role schema_clerk; create ${mapping} options (word 'x'); alter server elsewhere owner to ${role};
       set local role ${role};`,
    );
    expect(changed).toContain('a user mapping: changed');
    expect(again).toContain(`${mapping.replace('server', 'on server')}: gone`);
    expect(none).toEqual([]);
  });
});
