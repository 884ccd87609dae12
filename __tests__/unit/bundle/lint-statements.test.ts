import { describe, expect, it } from '@jest/globals';
import { lintStatements, tablesMadeIn } from '../../../src/bundle/lint-statements.js';

const lint = (text: string) =>
  lintStatements({ path: 'sections/01_a.sql', text }).map(
    ({ severity, line, text: said }) => `${line} ${severity} ${said}`,
  );

describe('lintStatements', () => {
  it.each([
    ['create index concurrently i on public.t (a);', 'mistake cannot run in a transaction'],
    ['vacuum public.t;', 'mistake cannot run in a transaction'],
    ['create database d;', 'mistake cannot run in a transaction'],
    ["alter system set work_mem = '1GB';", 'mistake cannot run in a transaction'],
    ['drop table public.t cascade;', 'warning cascade takes along'],
    ['alter table public.t drop column a cascade;', 'warning cascade takes along'],
    ['truncate public.t;', 'warning truncate takes every row'],
    ['delete from public.t;', 'warning delete without where'],
    ['alter table public.t alter column a type bigint;', 'warning rewrites the table'],
    ['alter table public.t alter a set data type bigint;', 'warning rewrites the table'],
    ['alter table public.t alter column a set not null;', 'warning reads the whole table'],
    [
      'alter table public.t add constraint f foreign key (a) references public.u (id);',
      'warning reads the whole table while nobody can write',
    ],
    ['create unique index i on public.t (a);', 'warning keeps writers'],
    ['revoke all on public.t from app_user cascade;', 'warning cascade takes along'],
    ['alter table public.t add column a uuid default gen_random_uuid();', 'warning gives every row a value'],
    ['alter table public.t add a bigserial;', 'warning gives every row a value'],
    [
      'alter table public.t add column if not exists a int generated always as identity;',
      'warning gives every row',
    ],
    ['alter table public.t add column a int generated always as (b + 1) stored;', 'warning gives every row'],
    ['alter table public.t set unlogged;', 'warning rewrites the table'],
    ['cluster public.t using i;', 'warning rewrites the table'],
    ['alter table public.t add check (a > 0);', 'warning reads the whole table while nobody else can read'],
    [
      'alter table public.t add constraint "c d" check (a > 0);',
      'warning reads the whole table while nobody',
    ],
    ['alter table public.t add primary key (a);', 'warning makes an index'],
    ['alter table only public.t add constraint u unique (a);', 'warning makes an index'],
    ['alter table public.t add constraint e exclude using gist (a with &&);', 'warning makes an index'],
    ['reindex table public.t;', 'warning keeps readers, too'],
    ['lock table public.t;', 'warning keeps readers, too'],
    ['refresh materialized view public.m;', 'warning keeps readers, too'],
    ["alter type public.mood add value 'bad';", 'warning cannot be used before'],
    ['grant select on public.t to app_user, public;', 'warning gives it to every role'],
    ['grant execute on function public.f() to public;', 'warning gives it to every role'],
    [
      'grant select, insert on table public.t to authenticated, anon;',
      'warning lets whoever has not signed in write',
    ],
    ['grant all on all tables in schema public to anon;', 'warning lets whoever has not signed in write'],
    [
      "create function public.f() returns int language sql security definer as 'select 1';",
      "warning runs with its owner's rights",
    ],
  ])('speaks of %s', (statement, said) => {
    expect(lint(statement)).toEqual([expect.stringContaining(`1 ${said}`)]);
  });

  it('asks which zone is meant where a time gets one', () => {
    const warnings = (using: string) =>
      lint(`alter table public.t alter column a type timestamptz ${using};`).join();
    expect(warnings('using a::timestamptz')).toContain('warning takes a time without a zone');
    expect(warnings("using a at time zone 'Europe/Berlin'")).not.toContain('zone for');
  });

  it.each([
    ['create table t (a int);', 't'],
    ['alter table if exists only t add column a int;', 't'],
    ['drop table "My Table";', '"My Table"'],
    ['insert into t values (1);', 't'],
    ['update t set a = 1;', 't'],
    ['with o as (delete from t where a returning *) insert into public.q select * from o;', 't'],
    ['create policy "own rows" on t using (true);', 't'],
    ['alter table public.t add foreign key (a) references u (id) not valid;', 'u'],
    ['create or replace function f() returns int language sql as $$ select 1 $$;', 'f'],
  ])('misses the schema in %s', (statement, name) => {
    expect(lint(statement)).toEqual([expect.stringContaining(`1 warning ${name} has no schema.`)]);
  });

  it.each([
    '-- drop table t cascade',
    "insert into public.t values ('truncate t; delete from t');",
    'insert into public.t values (1) on conflict do update set a = 1;',
    'select a from public.t for update;',
    'create trigger g before update or truncate on public.t execute function public.f();',
    'alter table public.t alter column type drop not null;',
    'truncate schema_fix.facts;',
    'with gone as (delete from public.t returning *) insert into public.q select * from gone;',
    "alter table public.t add column a timestamptz default now(), add column b text default '';",
    'alter table public.t alter column a add generated by default as identity;',
    'alter table public.t add constraint c check (a > 0) not valid;',
    'alter table public.t add constraint u unique using index i;',
    'alter table public.t add column "check" boolean;',
    'alter table public.t validate constraint c;',
    'lock table public.t in share row exclusive mode;',
    'grant select on public.t to anon;',
    'grant usage on schema public to public;',
    'grant insert on public.t to anonymous;',
    'revoke all on public.t from public, anon;',
    'grant references, truncate on public.t to app_user;',
    'delete from public.t where a is null;',
    'alter table public.t add constraint f foreign key (a) references public.u (id) not valid;',
    "create function public.f() returns int language sql security definer set search_path = '' as 'select 1';",
    'create table public.t (a int references public.u (id) on delete cascade);',
    'create function public.f() returns void language plpgsql as $$ begin truncate t; end $$;',
  ])('has nothing to say of %s', (statement) => {
    expect(lint(statement)).toEqual([]);
  });

  it('has nothing to say of who waits for a table of the fix itself', () => {
    const own =
      'create table public.t (a int);\ncreate index on public.t (a);\nalter table public.t add primary key (a);';
    const files = [{ path: 'sections/01_a.sql', text: own }];
    expect(lint(own)).toHaveLength(2);
    expect(files.flatMap((file) => lintStatements(file, tablesMadeIn(files)))).toEqual([]);
  });

  it('looks into what a block does, and names the line', () => {
    const block =
      'select 1;\n\ndo $$\nbegin\n    if true then\n        truncate public.t;\n    end if;\nend\n$$;\n';
    expect(lint(block)).toEqual([expect.stringContaining('6 warning truncate takes every row')]);
  });
});
