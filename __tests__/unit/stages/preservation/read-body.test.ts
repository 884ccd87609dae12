import { describe, expect, it } from '@jest/globals';
import { readBody } from '../../../../src/stages/preservation/read-body.js';

const server = {
  functions: new Set(
    'now nextval random clock_timestamp current_setting set_config pg_notify current_database to_jsonb pg_has_role to_char date_part version pg_my_temp_schema'.split(
      ' ',
    ),
  ),
  ofExtensions: new Set(['extensions.uuid_generate_v4', 'uuid_generate_v4']),
  names: new Set(['lower', 'version']),
  procedures: new Map(),
  shownTypes: new Set<string>(),
  relations: new Set(['pg_class', 'pg_locks']),
  types: new Set<string>(),
};

/** `place version`, of what is asked. */
const asked = (text: string): string[] => readBody(text, server).asks.map(({ of, what }) => `${of} ${what}`);

describe('readBody', () => {
  it.each([
    ['select current_database()', ['place current_database']],
    ['select pg_catalog.version()', ['place version']],
    ['select "version"()', ['place version']],
    ["select public.version(), version, 'version()' -- version()", []],
    ['select 1 from pg_catalog.pg_locks', ['place the catalog pg_locks']],
    ['select 1 from information_schema.tables', ['place the catalog tables']],
    ["select session_user = 'authenticator'", ['place session_user']],
    ["select current_setting('port')", ['place the setting port']],
    ["select current_setting('po' || 'rt')", ['place a setting whose name it puts together']],
    ["select current_setting('Request.Headers'::text, true)", ['request the setting request.headers']],
    ["select current_setting('request.jwt.claim.email')", ['request the claim email']],
    ["select current_setting('request.jwt.claim.sub')", []],
    [
      "select set_config('request.jwt.claims', '{}', true)",
      ['request what it sets itself, request.jwt.claims'],
    ],
    ['select current_user', ['request whose rights it has']],
    [
      "select uid() = 'deadbeef-0000-4000-8000-000000000000'",
      ['request whether it is somebody whom its text names'],
    ],
    ["select id <> '00000000-0000-0000-0000-000000000000'", []],
    ['select entries.xmin::text', ['place xmin of a row']],
    ['select now() > expires_at', ['moment the time']],
    ["select now() > '2030-01-01'", ['moment the time', 'place whether a day that its text names has come']],
    [
      'select current_timestamp(0) > a, localtime (3)',
      ['moment the time', 'moment the time', 'moment the time in words or figures'],
    ],
    ["(('public.bookings'::regclass)::oid)::bigint % 1000 > 998", ['place the number of an object']],
    ["select 'public.bookings'::pg_catalog.regclass > 16384", ['place the number of an object']],
    ["select cast('public.bookings'::regclass as bigint) > a", ['place the number of an object']],
    ["select cast(cast('public.bookings' as regclass) as oid) > a", ['place the number of an object']],
    ["select regclass 'public.bookings' = 16384", ['place the number of an object']],
    ["select oid('public.f()'::regprocedure) > a", ['place the number of an object']],
    ["select 'x'::regrole::oid::int = a.b", ['place the number of an object']],
    ["n := 'public.bookings'::regclass;", ['place the number of an object']],
    ['select tg_relid::bigint > 1000', ['place the number of an object']],
    ['if tg_relid > 1000 then', ['place the number of an object']],
    ['n := tg_relid', ['place the number of an object']],
    ['select pg_typeof(new)::oid > 1000', ['place the number of an object']],
    ['select hashenum(status) % 2 = 0', ['place the number of an object']],
    ["select nextval('public.n'::regclass)", ['moment how far a sequence has counted']],
    ["select has_table_privilege('public.t'::regclass, 'select')", []],
    ["if tg_relid = 'public.bookings'::regclass then", []],
    ["if tg_relid <> 'public.bookings'::pg_catalog.regclass then", []],
    ['if tg_relid in (1) then', ['place the number of an object']],
    ['select tg_relid::regclass::text', ['moment how the session shows a time or a value']],
    ["select format('%s', tg_relid::regclass)", []],
    [" 'public.t'::regclass", []],
    ['select pg_typeof(new)::text', []],
    ["where kind = any (array['public.a'::regclass, 'public.b'::regclass])", []],
    ['select constructor, a.constructor, "constructor" from t', []],
    ['select random()', ['moment chance']],
    ["select ('1 day'::interval)::text = 'P1D'", ['moment how the session shows a time or a value']],
    ["select cast(b::bytea as text) = 'x'", ['moment how the session shows a time or a value']],
    ['select extract(timezone from a.at) = 20700', ['moment how the session shows a time or a value']],
    ["select date_part('timezone', a.at) = 1", ['moment how the session shows a time or a value']],
    ["select to_char(a.at, 'OF'::text)", ['moment how the session shows a time or a value']],
    ["select timezone('utc', a.at), ('1 day'::interval) > a.b, (status)::text, to_char(a.at, 'YYYY')", []],
    ["select extensions.uuid_generate_v4()::text like '00%'", ['moment chance']],
    ['begin set local role service_role; return 1; end', ['request what it sets itself, role']],
    ["LANGUAGE sql SET role TO 'service_role' AS $f$ 1 $f$", ['request what it sets itself, role']],
    [
      "begin set local session_authorization = 'a'; end",
      ['request what it sets itself, session_authorization'],
    ],
    ['begin set local search_path = evil; end', ['request what it sets itself, search_path']],
    [
      "LANGUAGE sql SET search_path TO '' SET row_security TO 'on' AS $f$ 1 $f$",
      ['request what it sets itself, row_security'],
    ],
    ['as $f$ begin if update then set local role a; end if; end $f$', ['request what it sets itself, role']],
    ['RETURNS public.update LANGUAGE sql SET role TO a', ['request what it sets itself, role']],
    [
      'begin set session characteristics as transaction read only; end',
      ['request what it sets itself, characteristics'],
    ],
    [
      'begin reset all; set local lock_timeout = 1; set constraints all deferred; end',
      ['request what it sets itself, all'],
    ],
    ["select set_config('app.user_id', '5', true)", ['request what it sets itself, app.user_id']],
    ["select set_config(E'\\x72ole', 'a', true)", ['request what it sets itself, role']],
    ["CHECK (language in ('en')); RETURNS text LANGUAGE sql AS $f$ select language from t $f$", []],
    ['foreign key (language) references b on delete set null (role)', []],
    ['select 1; reset role', ['request what it sets itself, role']],
    ['set session authorization postgres', ['request what it sets itself, session authorization']],
    ["set local request.jwt.claims = '{}'", ['request what it sets itself, request.jwt.claims']],
    [
      "create function public.update() returns void language sql set role = 'a'",
      ['request what it sets itself, role'],
    ],
    [
      "update only public.members as m set role = 'admin'; insert into m values (1) on conflict do update set role = 'a'",
      [],
    ],
    ["select pg_has_role('service_role', 'member')", ['request whose rights it has']],
    ["select (now())::text ~~ '%+05:45'", ['moment the time', 'moment the time in words or figures']],
    [
      'select extract(timezone from now()) = 20700',
      ['moment the time', 'moment the time in words or figures'],
    ],
    [
      'select extract(epoch from now()) > 1800000000',
      ['moment the time', 'moment the time in words or figures'],
    ],
    ['select extract(epoch from (now() - a.created_at)) > 60', ['moment the time']],
    ["select now() > '20300101'", ['moment the time', 'place whether a day that its text names has come']],
    [
      "select now() - interval '60 years' > 'epoch'",
      ['moment the time', 'place whether a day that its text names has come'],
    ],
    ['select hashtext((auth.uid())::text) = 1', ['request a part of who it is, as many accounts have it']],
    [
      "select right((auth.uid())::text, 3) = 'fff'",
      ['request a part of who it is, as many accounts have it'],
    ],
    ["select (auth.uid())::text like 'a%'", ['request a part of who it is, as many accounts have it']],
    ["select name like (auth.uid())::text || '/%' or split_part(name, '/', 1) = (auth.uid())::text", []],
    ["select nextval('public.ids')", ['moment how far a sequence has counted']],
    ['select last_value from public.ids', ['moment how far a sequence has counted']],
    ['select (select count(*) from public.notes) > 1000', ['moment how many rows there are']],
    ['select last_value(a) over () from public.notes', []],
    ['select to_jsonb(new)', []],
    ["AS $f$ begin execute 'select ' || x; end $f$", ['place SQL that it puts together']],
    ['CREATE TRIGGER t AFTER UPDATE ON public.t FOR EACH ROW EXECUTE FUNCTION public.f()', []],
    ['RETURNS void LANGUAGE plperl AS $f$ 1 $f$', ['place what is written in plperl']],
    ['copy public.people to program $a$ curl $a$', ['outside copy public.people to program']],
    ["perform net.http_post('https://example.org')", ['outside net.http_post']],
  ])('finds what is asked in %s', (text, asks) => {
    expect(asked(text)).toEqual(asks);
  });

  it('finds what is set going', () => {
    const text = `security definer as $f$ begin
      insert into public.log values (1); update only app."Notes" set a = 1; delete from fees;
      insert into x values (1) on conflict do update set a = 1; select 1 for update; perform pg_notify('a', 'b');
    end $f$`;
    expect(readBody(text, server).does).toEqual([
      "has its definer's rights",
      'writes public.log',
      'writes app.Notes',
      'deletes from fees',
      'writes x',
      'notifies listeners',
    ]);
    expect(
      readBody('foreign key (a) references b (a) on update cascade on delete set null', server).does,
    ).toEqual([]);
  });

  it('takes a name before parentheses for a call only where nothing is named so', () => {
    const calls = (text: string) => readBody(text, server).calls;
    expect(calls('select search(a), b and search(c) from words as w(a) where search(w.a)')).toEqual([
      'search',
    ]);
    expect(calls('public.notes using hash (a)')).toEqual([]);
    expect(calls('{authenticated} using public.hash(a)')).toEqual(['public.hash']);
    expect(calls('{authenticated} using holds(a)')).toEqual(['holds']);
    for (const text of [
      'foreign key (a) references public.search (id)',
      'insert into search (a) select 1',
      'select 1 from (values (1)) search (a), unnest(b) as search (a)',
    ])
      expect([text, calls(text).filter((name) => /search/.test(name))]).toEqual([text, []]);
  });

  it('finds which claims are read', () => {
    const text =
      "select current_setting('request.jwt.claims')::json ->> 'email', a #>> '{app_metadata,role}', b ->> 1";
    expect(readBody(text, server)).toMatchObject({
      readsClaims: true,
      keys: ['email', 'app_metadata', 'role'],
    });
  });
});
