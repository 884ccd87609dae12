import { describe, expect, it } from '@jest/globals';
import { refuseLimits, refuseReachingOut, refuseSetval } from '../../../src/bundle/refuse-what-stays.js';

function problemsOf(text: string): string[] {
  const problems: string[] = [];
  refuseReachingOut([{ path: 'sections/01_notes.sql', text }], problems);
  return problems;
}

describe('what no rollback takes back', () => {
  it.each([
    "select net.http_post('http://example.com')",
    "select '--', net.http_post('http://example.com')",
    `select "net"."http_post"('http://example.com')`,
    "do $$ begin perform dblink('dbname=other', 'select 1'); end $$",
    'do $$ begin notify spy; end $$',
    'notify "spy"',
    "select pg_notify('spy', '')",
    'select pg_advisory_lock(1)',
    'select pg_catalog.pg_terminate_backend(a.pid) from pg_catalog.pg_stat_activity as a',
    'do $$ begin perform pg_cancel_backend(1); end $$',
    'select pg_stat_reset_shared()',
    "select pg_create_logical_replication_slot('a', 'b')",
    "select pg_logical_emit_message(false, 'spy', '')",
  ])('is refused: %s', (sql) => {
    expect(problemsOf(`select 1;\n${sql};`)).toEqual([expect.stringMatching(/^sections\/01_notes\.sql:2: /)]);
  });

  it.each([
    '-- net.http_post( is not called\nselect 1',
    '/* net.http_post( */ select 1',
    "comment on table public.notes is 'http (see the documents)'",
    "notify pgrst, 'reload schema'",
    'notify "pgrst"',
    "select pg_notify('pgrst', 'reload schema')",
    'select pg_advisory_xact_lock(1)',
    'create function public.tell() returns void language sql as $$ select pg_notify($1, $1) $$',
  ])('is not found in: %s', (sql) => {
    expect(problemsOf(`${sql};`)).toEqual([]);
  });
});

describe('a sequence that is set', () => {
  const problemsOfSetval = (text: string): string[] => {
    const problems: string[] = [];
    refuseSetval([{ path: 'sections/01_notes.sql', text }], problems);
    return problems;
  };

  it.each([
    "select pg_catalog.setval('public.numbers', 1)",
    "select '--', pg_catalog.setval('public.numbers', 1)",
    "execute 'select setval(''public.numbers'', 1)'",
    "do $$ begin perform pg_catalog.setval('public.numbers', 1); end $$",
  ])('is refused, with its line: %s', (sql) => {
    expect(problemsOfSetval(`/* one\ntwo */ do $$\n-- three\nbegin end $$;\n${sql};`)).toEqual([
      expect.stringMatching(
        /^sections\/01_notes\.sql:5: setval stays .*: (select|execute|do) .*'public\.numbers'/,
      ),
    ]);
  });

  it.each([
    '-- setval is not called\nselect 1',
    '/* setval\nsetval */ select 1',
    'do $$ -- setval\nbegin end $$',
  ])('is not found in: %s', (sql) => {
    expect(problemsOfSetval(`${sql};`)).toEqual([]);
  });
});

describe('how long a statement may wait and run', () => {
  const problemsOf = (sql: string) => {
    const problems: string[] = [];
    refuseLimits([{ path: 'sections/01_notes.sql', text: `select 1;\n${sql};` }], problems);
    return problems;
  };

  it.each([
    "set local lock_timeout = '1h'",
    'SET statement_timeout TO 0',
    'set session "lock_timeout" = 0',
    'reset lock_timeout',
    'reset all',
    "select pg_catalog.set_config('lock_timeout', '1h', true)",
    "do $$ begin set local lock_timeout = '1h'; end $$",
  ])('is refused, with its line: %s', (sql) => {
    expect(problemsOf(sql)).toEqual([
      expect.stringMatching(/^sections\/01_notes\.sql:2: .*--lock-timeout.* Take it out: /),
    ]);
  });

  it.each([
    "create function f() returns int language sql set statement_timeout = '5s' as 'select 1'",
    "alter role authenticated set statement_timeout = '8s'",
    'update public.jobs set statement_timeout = 5',
    '-- set lock_timeout = 0\nselect 1',
    'reset search_path',
  ])('is not found in: %s', (sql) => {
    expect(problemsOf(sql)).toEqual([]);
  });
});
