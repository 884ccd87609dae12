import { describe, expect, it } from '@jest/globals';
import { proveRowSecurityHolds } from '../../src/database/prove-row-security.js';
import { withSession } from '../../src/database/with-session.js';
import { withRollback } from '../../src/database/with-transaction.js';
import type { ScenarioResult } from '../../src/model.js';
import { type Changes, thirdSection } from '../support/notes-bundle.js';
import { rehearseNotes } from '../support/rehearse-notes.js';
import { getTestServer } from '../support/server.js';

/** Runs as this role in place of `app_user`. The comment has the role taken away with the others. */
const actorsAs = (role: string, platform: string): Changes => ({
  'bundle.yml': (text) => text.replaceAll('role: app_user', `role: ${role}`),
  'platforms/app.sql': (text) =>
    `${text}\n${platform}\ncomment on role ${role} is 'created by schema-fix-action';\n`,
});

/** A second scenario of one step. */
const scenario = (expectation: string, sql: string, actor = 'ann'): Changes => ({
  'scenarios/02_more.sql': `--! Title: More\n\n--! Step: the step\n--! As: ${actor}\n--! Expect: ${expectation}\n${sql}\n`,
});

/** The policy does without a token, too: the deployer, whom it binds now, has none. */
const forcedOnNotes = `
alter table public.notes force row level security;
alter policy "own notes" on public.notes
using (author = nullif(pg_catalog.current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub');`;

/** Fires for each row that anybody updates. */
const triggerOnNotes = (body: string) => `
create or replace function public.guard() returns trigger language plpgsql as $$ begin ${body}; end $$;
create or replace trigger guard before update on public.notes for each row execute function public.guard();`;

async function scenariosOf(changes: Changes): Promise<readonly ScenarioResult[]> {
  const { outcome, scenarios } = await rehearseNotes(changes, { isTrusted: true });
  if (scenarios.outcome === 'skipped') throw new Error(scenarios.reason);
  // Other proofs judge what a test changes, too: a trigger that refuses everybody keeps people from what they could do.
  if (scenarios.outcome === 'fail') expect(outcome).toBe('fail');
  return scenarios.scenarios;
}

describe('a scenario', () => {
  it('is told step by step, with the status that the data API would answer', async () => {
    const [own] = await scenariosOf({});
    expect(own?.steps.map(({ outcome, actual, httpStatus }) => [outcome, actual, httpStatus])).toEqual([
      ['pass', 'value 4', null],
      ['pass', 'value milk', null],
      ['pass', '0 rows', null],
      ['pass', expect.stringContaining('42501 new row violates row-level security policy'), 403],
    ]);
  });

  it('fails where the policy lets everybody in', async () => {
    const [own] = await scenariosOf({
      'sections/02_policies.sql': (text) => text.replace(/using \(.*\);/, 'using (true);'),
    });
    expect(own?.steps.map(({ outcome }) => outcome)).toEqual(['pass', 'pass', 'fail', 'skipped']);
    expect(own?.steps[2]).toMatchObject({ expected: 'refused', actual: 'value milk' });
  });

  it.each([
    ['by a grant', 'grant select on public.notes to pg_monitor; select 1', 'pg_monitor'],
    [
      'by a policy',
      'create policy desk on public.notes using (true); select 1',
      'policy desk on public.notes',
    ],
    [
      'by SQL put together',
      "do $$ begin execute 'alter table public.notes disable row level' || ' security'; end $$; select 1",
      'row level security on public.notes',
    ],
  ])('fails where a step of the deployer opens the door %s', async (_, sql, named) => {
    const [, more] = await scenariosOf(scenario('value 1', sql, 'deployer'));
    expect(more?.steps[0]).toMatchObject({
      outcome: 'fail',
      actual: expect.stringMatching(`^changed rules that the scenarios are to try: .*${named}`),
    });
  });

  it('lets a step of the deployer make a table for a while', async () => {
    const [, more] = await scenariosOf(
      scenario(
        'value 1',
        'create temporary table heap (words text); insert into heap values (1); select * from heap',
        'deployer',
      ),
    );
    expect(more?.steps[0]).toMatchObject({ outcome: 'pass' });
  });

  it('names file, line and column of a statement that nobody expected to fail', async () => {
    const [, more] = await scenariosOf(scenario('rows 1', 'select body\nfrom public.nowhere;'));
    expect(more?.steps[0]?.problem).toMatchObject({
      path: 'scenarios/02_more.sql',
      line: 7,
      column: 6,
      snippet: 'from public.nowhere;\n     ^',
    });
  });

  it.each([
    [
      'a superuser',
      actorsAs('app_super', 'create role app_super superuser; grant app_super to notes_owner;'),
      'role app_super is a superuser, who is held back by no policy',
    ],
    [
      'a role that bypasses row level security',
      actorsAs('app_bypass', 'create role app_bypass bypassrls; grant app_bypass to notes_owner;'),
      'role app_bypass has bypassrls, so no policy holds it back',
    ],
    [
      'a role that is not there',
      { 'bundle.yml': (text: string) => text.replaceAll('role: app_user', 'role: app_nobody') },
      'there is no role app_nobody; the platform or the database must have it',
    ],
  ])('proves nothing as %s', async (_who, changes, reason) => {
    const [own] = await scenariosOf(changes);
    expect(own).toMatchObject({ outcome: 'fail', reason });
    expect(own?.steps.every(({ outcome }) => outcome === 'skipped')).toBe(true);
  });

  it('proves nothing as a role that reads a table without a policy, because it has the rights of its owner', async () => {
    const doubt = await withSession(getTestServer().connection, (session) =>
      withRollback(session, async () => {
        await session.query(
          "create role app_leaky; do $$ begin execute pg_catalog.format('grant %I to app_leaky', current_user); end $$",
        );
        return proveRowSecurityHolds(session, 'app_leaky');
      }),
    );
    expect(doubt).toBe(
      'role app_leaky reads a table that has no policy, so row level security is off for it',
    );
  });

  it('fails when its setup fails, and says where', async () => {
    const [own] = await scenariosOf({ 'scenarios/setup.sql': 'select 1;\nselect 1 / 0;' });
    expect(own?.reason).toBe('the setup failed: scenarios/setup.sql:2: division by zero');
  });

  it('leaves no plan to the next one that names a type of its own', async () => {
    const step = (title: string, sql: string) =>
      `--! Title: ${title}\n\n--! Step: they ask\n--! As: ann\n--! Expect: value f\n${sql} select public.is_known();\n`;
    const scenarios = await scenariosOf({
      'sections/02_policies.sql': (text) => `${text}
        create or replace function public.me() returns pg_catalog.uuid language sql stable
        as $$ select nullif(pg_catalog.current_setting('app.me', true), '')::uuid $$;
        create or replace function public.is_known() returns boolean language plpgsql set search_path = '' as $$
        begin return exists (select from public.notes where body = public.me()::text); end $$;`,
      'scenarios/02_more.sql': step(
        'A type of their own',
        'create domain pg_temp.uuid as pg_catalog.uuid check (value is null); discard plans;',
      ),
      'scenarios/03_more.sql': step('The next', ''),
    });
    expect(scenarios.slice(1).map(({ steps }) => steps[0]?.actual)).toEqual(['value f', 'value f']);
  });

  it('leaves nothing behind, not even for the next one', async () => {
    const [, more] = await scenariosOf(
      scenario('value 2', 'select pg_catalog.count(*) from public.notes;', 'deployer'),
    );
    expect(more?.outcome).toBe('pass');
  });

  it.each([
    ['truncate public.notes;', 'deployer'],
    ['do $$ begin perform 1; end $$;', 'ann'],
    ['create temporary table mine (a int);', 'ann'],
  ])('does not take it for a refusal that a command went through: %s', async (sql, actor) => {
    const [, more] = await scenariosOf(scenario('refused', sql, actor));
    expect(more?.steps[0]).toMatchObject({ outcome: 'fail', actual: 'done' });
  });

  it.each([
    ["select body from public.notes where body = 'nowhere';"],
    ["update public.notes set body = 'gone' where body = 'nowhere';"],
    ["delete from public.notes where body = 'nowhere';"],
    ["insert into public.notes (author, body) select 'ben', 'beer' where false;"],
  ])('fails where there is nothing to refuse: %s', async (sql) => {
    const [, more] = await scenariosOf(scenario('refused', sql));
    expect(more?.steps[0]).toMatchObject({
      outcome: 'fail',
      actual: 'nothing to refuse: the deployer finds and changes nothing either',
    });
  });

  it.each([
    ['policies bind their owner too', forcedOnNotes],
    ['a trigger refuses what anybody changes', triggerOnNotes("raise exception 'frozen'")],
    ['a trigger swallows what anybody changes', triggerOnNotes('return null')],
    [
      'a constraint refuses it',
      "alter table public.notes drop constraint if exists others; alter table public.notes add constraint others check (body <> 'mine');",
    ],
  ])('knows that there is something to refuse where %s', async (_what, sql) => {
    const [, more] = await scenariosOf({
      ...thirdSection(sql),
      ...scenario('refused', "update public.notes set body = 'mine' where author = 'ben';"),
    });
    expect(more?.steps[0]).toMatchObject({ outcome: 'pass', actual: '0 rows changed' });
  });

  it('controls a refusal with the claims of its actor', async () => {
    const [, more] = await scenariosOf({
      ...thirdSection('revoke select (body) on public.notes from app_user;'),
      ...scenario(
        'refused',
        "delete from public.notes where author <> pg_catalog.current_setting('request.jwt.claims')::jsonb ->> 'sub';",
      ),
    });
    expect(more?.steps[0]).toMatchObject({ outcome: 'pass', actual: '0 rows changed' });
  });

  it('says what the deployer met where a refusal could not be controlled', async () => {
    const [, more] = await scenariosOf(
      scenario('refused', "select id from public.notes where author = 'ben' and 1 / (id - id) = 1;"),
    );
    expect(more?.steps[0]).toMatchObject({
      outcome: 'fail',
      actual: 'refused, or nothing to refuse: as the deployer it fails with 22012',
      problem: { sqlstate: '22012', path: 'scenarios/02_more.sql' },
    });
  });

  it('leaves nothing of a step that was refused by silence, and goes on as the actor', async () => {
    const [, more] = await scenariosOf({
      'scenarios/02_more.sql': `--! Title: More

--! Step: ann writes, and reads what is not hers
--! As: ann
--! Expect: refused
insert into public.notes (author, body) values ('ann', 'undone');
select id from public.notes where author = 'ben';

--! Step: there is nothing of it
--! As: deployer
--! Expect: value 0
select count(*) from public.notes where body = 'undone';
`,
    });
    expect(more?.outcome).toBe('pass');
  });

  it('judges each of the steps that are sent together, and goes on behind none that fails', async () => {
    const step = (actor: string, expectation: string, sql: string) =>
      `--! Step: the step\n--! As: ${actor}\n--! Expect: ${expectation}\n${sql};\n\n`;
    const write = step(
      'ann',
      'affected 1',
      "insert into public.notes (author, body) values ('ann', 'chained')",
    );
    const refused = step('ben', 'refused', "select body from public.notes where body = 'chained'");
    const nothing = step('ben', 'refused', "select body from public.notes where body = 'nowhere'");
    const broken = step('ann', 'rows 1', 'select body from public.nowhere');
    const other = step('ann', 'affected 2', "update public.notes set body = 'x' where body = 'chained'");
    const none = step(
      'deployer',
      'value 0',
      "select count(*) from public.notes where body in ('chained', 'x')",
    );
    const more = [
      write + refused + refused,
      none + write + refused + nothing + refused,
      none + write + broken + refused,
      none + write + other + refused,
      none,
    ];
    const [, ...found] = await scenariosOf(
      Object.fromEntries(
        more.map((text, index) => [`scenarios/0${index + 2}_more.sql`, `--! Title: More\n\n${text}`]),
      ),
    );
    expect(found.map(({ steps }) => steps.map(({ outcome }) => outcome))).toEqual([
      ['pass', 'pass', 'pass'],
      ['pass', 'pass', 'pass', 'fail', 'skipped'],
      ['pass', 'pass', 'fail', 'skipped'],
      ['pass', 'pass', 'fail', 'skipped'],
      ['pass'],
    ]);
    expect(found[2]?.steps[2]?.problem).toMatchObject({ sqlstate: '42P01', line: 16 });
  });

  it.each([
    ["select body from public.notes where body = 'nowhere';", 'rows 0', 'ann'],
    ["delete from public.notes where body = 'nowhere';", 'affected 0', 'ann'],
    ["select body from public.notes where body = 'nowhere';", 'rows 0', 'deployer'],
  ])('fails where all that it sees is that nothing is there: %s', async (sql, expectation, actor) => {
    const [, more] = await scenariosOf(scenario(expectation, sql, actor));
    expect(more).toMatchObject({
      outcome: 'fail',
      steps: [{ outcome: 'pass' }],
      reason: expect.stringContaining('so it looked at nothing'),
    });
  });

  it.each([
    ["select body from public.notes where author = 'ben';", 'rows 0'],
    ["delete from public.notes where author = 'ben';", 'affected 0'],
  ])('has looked where somebody is kept from what is there: %s', async (sql, expectation) => {
    const [, more] = await scenariosOf(scenario(expectation, sql));
    expect(more).toMatchObject({ outcome: 'pass', steps: [{ actual: expect.stringContaining('0 rows') }] });
  });

  const deferred =
    "alter table public.notes add constraint no_milk_twice unique (author, body) deferrable initially deferred;\ninsert into public.notes (author, body) values ('ann', 'milk'), ('ann', 'milk');";
  it('has its deferred constraints checked, though nothing is ever committed', async () => {
    const [, more] = await scenariosOf(scenario('affected 2', deferred, 'deployer'));
    expect(more?.steps[0]).toMatchObject({
      outcome: 'fail',
      problem: { sqlstate: '23505', path: 'scenarios/02_more.sql' },
    });
  });

  it('finds constraints of the fix as deferred as they were declared', async () => {
    const [, more] = await scenariosOf({
      ...thirdSection(
        `do $$ begin
             if pg_catalog.to_regclass('public.pages') is null then
                 create table public.pages (id int primary key);
                 create table public.words (
                     page int constraint on_a_page references public.pages deferrable initially deferred
                 );
             end if;
         end $$;`,
      ),
      ...scenario(
        'affected 1',
        'insert into public.words values (1);\ninsert into public.pages values (1);',
        'deployer',
      ),
    });
    expect(more?.outcome).toBe('pass');
  });

  it('may expect what a deferred constraint says', async () => {
    const [, more] = await scenariosOf(scenario('error 23505', deferred, 'deployer'));
    expect(more?.outcome).toBe('pass');
  });
});
