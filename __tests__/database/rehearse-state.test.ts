import { describe, expect, it } from '@jest/globals';
import { type Changes, thirdSection, thirdState } from '../support/notes-bundle.js';
import { rehearseNotes } from '../support/rehearse-notes.js';
import { getTestServer, withClient } from '../support/server.js';

const notes = 'create table public.notes (id bigint primary key, author text, body text);';

describe('rehearseState', () => {
  it('proves a state from broken to repaired', async () => {
    const result = await rehearseNotes();
    expect(result).toMatchObject({
      kind: 'state',
      name: '01_writer',
      outcome: 'pass',
      problem: null,
      preflight: { role: 'notes_owner', tables: [{ table: 'public.notes', rows: 3 }] },
      apply: {
        outcome: 'pass',
        attempts: 1,
        sections: [
          { number: 1, outcome: 'pass', notices: [] },
          { number: 2, outcome: 'pass', notices: ['authors see their own notes'] },
        ],
      },
      refusal: { outcome: 'skipped' },
      scenarios: { outcome: 'pass' },
      preservation: { outcome: 'pass' },
      rerun: { outcome: 'pass', rowsWritten: 0 },
    });
  });

  it('times the reads of the application before and after, by their plans, and sizes; none of it is a verdict', async () => {
    const header = '--! Title: A read\n';
    const { outcome, impact } = await rehearseNotes({
      'reads/01_own.sql': `${header}select * from public.notes`,
      'reads/02_refused.sql': `${header}select * from notes_quarantine.rows`,
      'reads/03_long.sql': `${header}select pg_catalog.pg_sleep(20)`,
      'reads/04_writes.sql': `${header}with gone as (delete from public.notes returning 1) select * from gone`,
    });
    expect(outcome).toBe('pass');
    expect(impact?.people).toBeGreaterThan(0);
    const [own, ...others] = impact?.reads ?? [];
    expect(own).toMatchObject({
      before: { kind: 'refused', sqlstate: '42501' },
      after: { kind: 'done', plan: [expect.stringContaining('on notes')] },
    });
    expect(others.map(({ after }) => after)).toEqual([
      { kind: 'refused', sqlstate: '42501' },
      { kind: 'unfinished' },
      { kind: 'refused', sqlstate: '25006' },
    ]);
    expect(impact?.sizes).toMatchObject([
      { table: 'public.notes', before: { rows: expect.any(Number) }, after: { rows: expect.any(Number) } },
    ]);
  });

  it('takes no read that is several statements, or none', async () => {
    const changes = { 'reads/01_two.sql': '--! Title: A read\nselect 1; select 2' };
    await expect(rehearseNotes(changes)).rejects.toThrow('reads/01_two.sql: a read is one statement');
    const analyzed = { 'reads/01_writes.sql': '--! Title: A read\ndelete from public.notes' };
    await expect(rehearseNotes(analyzed)).rejects.toThrow('reads/01_writes.sql: a read is one statement');
  });

  it('notes the locks, each with the section that took it', async () => {
    const { apply } = await rehearseNotes();
    if (apply.outcome === 'skipped') throw new Error(apply.reason);
    expect(apply.locks.map(({ section, relation, mode }) => [section, relation, mode])).toEqual([
      [0, 'public.notes', 'ShareRowExclusiveLock'],
      [1, 'public.notes', 'AccessExclusiveLock'],
    ]);
    for (const { milliseconds } of apply.locks) expect(milliseconds).toBeGreaterThan(0);
  });

  it('keeps as many notices, and as much of each, as a report can carry', async () => {
    const loud = "do $$ begin for i in 1..1005 loop raise notice '%', repeat('x', 20000); end loop; end $$;";
    const { apply } = await rehearseNotes(thirdSection(loud));
    if (apply.outcome === 'skipped') throw new Error(apply.reason);
    const notices = apply.sections.find(({ number }) => number === 3)?.notices ?? [];
    expect(notices).toHaveLength(1001);
    expect(notices[0]).toBe(`${'x'.repeat(10_000)}… (10000 more characters)`);
    expect(notices.at(-1)).toBe('More than 1000 notices: the rest is left out.');
  });

  it('says where a state that does not load is wrong, and goes no further', async () => {
    const result = await rehearseNotes(
      thirdState('create table public.a (id int);\ninsert into public.b values (1);'),
      {
        state: '3',
      },
    );
    expect(result).toMatchObject({
      outcome: 'fail',
      problem: { path: 'states/03_other.sql', line: 4, column: 13, sqlstate: '42P01' },
      preflight: { outcome: 'skipped', reason: 'the state did not load' },
      apply: { outcome: 'skipped', reason: 'the state did not load' },
    });
    expect(result.checks.map(({ before }) => before.outcome)).toEqual(['skipped', 'skipped']);
  });

  it('points at a syntax error in a section', async () => {
    const result = await rehearseNotes(
      thirdSection('select 1;\nalter table public.notes\n    add colum more text;'),
    );
    expect(result.outcome).toBe('fail');
    expect(result.apply).toMatchObject({
      outcome: 'fail',
      sections: [{ outcome: 'pass' }, { outcome: 'pass' }, { outcome: 'fail' }],
      problem: {
        path: 'sections/03_more.sql',
        line: 6,
        column: 20,
        snippet: '    add colum more text;\n                   ^',
        sqlstate: '42601',
      },
    });
    expect(result.scenarios).toMatchObject({ outcome: 'skipped', reason: 'the fix was not applied' });
    expect(result.checks.map(({ after }) => after.outcome)).toEqual(['skipped', 'skipped']);
  });

  it('points into a DO block', async () => {
    const result = await rehearseNotes(thirdSection('do $$\nbegin\n    perform 1 / 0;\nend\n$$;'));
    expect(result.apply).toMatchObject({ problem: { line: 6, column: null, sqlstate: '22012' } });
  });

  it('shows the statement that dynamic SQL ran, with a caret of its own', async () => {
    const result = await rehearseNotes(
      thirdSection("do $$\nbegin\n    execute 'alter table public.notes add colum more text';\nend\n$$;"),
    );
    expect(result.apply).toMatchObject({
      problem: {
        line: 6,
        inner:
          'alter table public.notes add colum more text\n                                        ^\nPL/pgSQL function inline_code_block line 3 at EXECUTE',
      },
    });
  });

  it('skips the sections after one that fails', async () => {
    const result = await rehearseNotes({ 'sections/01_author.sql': '--! Title: Author\nselect 1 / 0;' });
    expect(result.apply).toMatchObject({ sections: [{ outcome: 'fail' }, { outcome: 'skipped' }] });
  });

  it('gives every section an empty search_path, whatever the one before it has set', async () => {
    const result = await rehearseNotes({
      'sections/01_author.sql': (text) => `${text}\nset search_path = public;\n`,
      ...thirdSection('create index notes_body on notes (body);'),
    });
    expect(result.apply).toMatchObject({ problem: { path: 'sections/03_more.sql', sqlstate: '42P01' } });
  });

  it('finds what a deferred constraint has to say before the commit', async () => {
    const result = await rehearseNotes(
      thirdSection(
        "alter table public.notes add constraint once unique (body) deferrable initially deferred;\ninsert into public.notes (author, body) values ('ann', 'bread');",
      ),
    );
    expect(result.apply).toMatchObject({
      outcome: 'fail',
      problem: { path: 'the end of the fix', sqlstate: '23505' },
    });
  });

  it.each([
    [
      'whose owner has lost his privileges',
      'revoke all on public.notes from notes_owner;',
      'grant all on public.notes to notes_owner;',
    ],
    [
      'whose owner is bound by a policy that asks itself',
      `alter table public.notes enable row level security, force row level security;
       create policy recursive on public.notes using (exists (select from public.notes as other));`,
      `alter table public.notes no force row level security;
       drop policy if exists recursive on public.notes;`,
    ],
  ])('rehearses a table %s', async (_, harm, repair) => {
    const result = await rehearseNotes({
      'states/01_writer.sql': (text) => `${text}\n${harm}\n`,
      'sections/01_author.sql': (text) => text.replace('\n\n', `\n\n${repair}\n`),
    });
    expect(result).toMatchObject({ outcome: 'pass', preservation: { kinds: [{ before: 3, lost: 0 }] } });
  });

  it('rehearses a part of the fix without blaming it for the rest', async () => {
    const result = await rehearseNotes({}, { sections: [1] });
    expect(result).toMatchObject({
      outcome: 'pass',
      scenarios: { outcome: 'skipped', reason: 'only a part of the fix was applied' },
    });
    expect(result.checks.map(({ after }) => after.outcome)).toEqual(['pass', 'fail']);
  });

  it('fails a part of the fix that breaks what was right', async () => {
    const result = await rehearseNotes(
      {
        'sections/01_author.sql':
          '--! Title: Worse\nalter table public.notes alter column author drop not null;',
      },
      { state: '2', sections: [1] },
    );
    expect(result.outcome).toBe('fail');
  });

  describe('of a table with capitals', () => {
    const quoted = (text: string) =>
      text
        .replaceAll("'public.notes', 'nobody", "'public.Notes', 'nobody")
        .replaceAll(/(?<!')public\.notes\b|public\.notes(?='(?:::|\)))/g, 'public."Notes"')
        .replaceAll("'public.notes' as source", "'public.Notes' as source");
    const capitals: Changes = {
      'bundle.yml': (text) => text.replaceAll('public.notes', 'public.Notes'),
      ...Object.fromEntries(
        [
          'sections/01_author.sql',
          'sections/02_policies.sql',
          'checks/01_author.sql',
          'checks/02_row_level_security.sql',
          'access/01_own_notes.sql',
          'scenarios/01_own_notes.sql',
          'states/01_writer.sql',
          'states/02_already_fixed.sql',
        ].map((file) => [file, quoted]),
      ),
    };

    it('passes, rolled back too', async () => {
      expect(await rehearseNotes(capitals, { rollsBack: true })).toMatchObject({
        outcome: 'pass',
        preservation: { kinds: [{ before: 3, inPlace: 2, quarantined: 1 }] },
        access: { gainedAsDeclared: 2 },
        rollback: { outcome: 'pass' },
      });
    });

    it('fails by a row that is lost and by a door that is opened', async () => {
      const worse = `delete from public."Notes" where author = 'ben';
        drop policy if exists everybody on public."Notes";
        create policy everybody on public."Notes" for select to app_user using (true);`;
      expect(await rehearseNotes({ ...capitals, ...thirdSection(worse) })).toMatchObject({
        outcome: 'fail',
        preservation: { outcome: 'fail', kinds: [{ lost: 1 }] },
        access: {
          outcome: 'fail',
          differences: expect.arrayContaining([
            expect.objectContaining({
              isDeclared: false,
              outcome: 'gained',
              table: 'public.Notes',
              verb: 'read',
            }),
          ]),
        },
      });
    });
  });

  describe('of a state that the fix must refuse', () => {
    const refusing = (sql: string): Changes => ({
      'sections/01_author.sql': `--! Title: Preconditions\n${sql}`,
      ...thirdState(`${notes}\ninsert into public.notes values (1, 'ann', 'bread');`, 'Expect: refuse 42501'),
    });
    const refusal = "do $$ begin raise exception 'not yours' using errcode = '42501'; end $$;";

    it('passes when it is refused with that error and nothing has changed', async () => {
      const result = await rehearseNotes(refusing(`delete from public.notes;\n${refusal}`), { state: '3' });
      expect(result).toMatchObject({
        outcome: 'pass',
        refusal: {
          outcome: 'pass',
          expected: 'refused with 42501',
          actual: 'refused with 42501: not yours',
          changed: [],
        },
        apply: { isRefusal: true },
        rerun: { outcome: 'skipped' },
      });
    });

    it('fails when it is refused with another error', async () => {
      const result = await rehearseNotes(refusing('select 1 / 0;'), { state: '3' });
      expect(result).toMatchObject({
        outcome: 'fail',
        refusal: { outcome: 'fail', actual: 'refused with 22012: division by zero' },
      });
      expect(result.apply).not.toHaveProperty('isRefusal');
    });

    it('fails when it is applied and kept', async () => {
      const result = await rehearseNotes(
        { 'states/01_writer.sql': (text) => text.replace('Quarantine: 1', 'Expect: refuse 42501') },
        { state: '1' },
      );
      expect(result).toMatchObject({
        outcome: 'fail',
        apply: { outcome: 'pass' },
        refusal: {
          outcome: 'fail',
          actual: 'applied',
          changed: expect.arrayContaining(['policy "own notes" on public.notes']),
        },
      });
    });

    it('fails when it is applied, though a proof had it rolled back', async () => {
      const result = await rehearseNotes(refusing('create index notes_body on public.notes (body);'), {
        state: '3',
      });
      expect(result).toMatchObject({
        outcome: 'fail',
        checks: [{ after: { outcome: 'fail' } }, {}],
        refusal: { outcome: 'fail', actual: 'applied', changed: [] },
      });
    });
  });

  describe('of a state whose table is another role’s', () => {
    const strange = `reset role;\n${notes}\ninsert into public.notes values (1, 'ann', 'bread');`;

    it('lets the fix refuse, though the deployer cannot even read it', async () => {
      const result = await rehearseNotes(thirdState(strange, 'Expect: refuse 42501'), { state: '3' });
      expect(result).toMatchObject({
        outcome: 'pass',
        preflight: { tables: [{ table: 'public.notes', rows: null }] },
        refusal: { actual: 'refused with 42501: permission denied for table notes' },
      });
    });

    it('does not take rows that it could not read for rows that are still there', async () => {
      const result = await rehearseNotes(
        {
          ...thirdState(strange),
          'sections/01_author.sql': '--! Title: Nothing\nselect 1;',
          'sections/02_policies.sql': '--! Title: Nothing\nselect 1;',
        },
        { state: '3' },
      );
      expect(result.preservation).toMatchObject({
        outcome: 'fail',
        reason: 'the deployer may not read public.notes, so nobody knows what became of the rows',
      });
    });
  });

  it('ends this state alone when the engine itself is refused something', async () => {
    const strange = `reset role;
      create table public.strange as select 0 as id;
      alter table public.strange enable row level security;
      create policy strange on public.strange using (1 / id > 0);
      grant select on public.strange to notes_owner;`;
    const result = await rehearseNotes({
      'states/01_writer.sql': (text) => `${text}\n${strange}\n`,
      'bundle.yml': (text) => text.replace('tables: [', 'tables: [public.strange, '),
    });
    expect(result).toMatchObject({
      outcome: 'fail',
      problem: { path: 'a query of the engine', sqlstate: '22012', line: null },
    });
  });

  it('looks at every row again where the fix forces row level security', async () => {
    const forced = thirdSection('alter table public.notes force row level security;');
    expect(await rehearseNotes(forced)).toMatchObject({ problem: null, rerun: { outcome: 'pass' } });
    const changing = thirdSection(
      `alter table public.notes no force row level security;
       update public.notes set body = body || '!';
       alter table public.notes force row level security;`,
    );
    expect((await rehearseNotes(changing)).rerun).toMatchObject({ changedTables: ['public.notes'] });
  });

  describe('in a session', () => {
    const become = 'set session authorization default';
    const isSuperuser = '(select rolsuper from pg_catalog.pg_roles where rolname = current_user)';
    const tryIn = (how: string) =>
      `do $$ begin ${how}; raise exception 'superuser: %', ${isSuperuser}; end $$;`;

    it.each([
      "execute 'set session authorization default'",
      "execute 'reset session authorization'",
      "execute 'reset role'",
      "execute 'set role none'",
      "perform pg_catalog.set_config('role', 'none', false)",
    ])('that becomes no superuser by %s', async (how) => {
      const { apply } = await rehearseNotes(thirdSection(tryIn(how)));
      expect(apply).toMatchObject({ problem: { message: 'superuser: f' } });
    });

    it('that becomes nobody whom it does not belong to', async () => {
      const { rows } = await withClient(getTestServer().connection, (client) =>
        client.query('select session_user as name'),
      );
      for (const sql of [`set session authorization ${rows[0].name}`, `set role ${rows[0].name}`]) {
        const { apply } = await rehearseNotes(thirdSection(`do $$ begin execute '${sql}'; end $$;`));
        expect(apply).toMatchObject({ problem: { sqlstate: '42501' } });
      }
    });

    it('that is the deployer’s again after a role was reset', async () => {
      const { apply } = await rehearseNotes(
        thirdSection("reset /* back */ role; do $$ begin raise notice '%', current_user; end $$;"),
      );
      expect(apply).toMatchObject({ sections: [{}, {}, { notices: ['notes_owner'] }] });
    });

    it('that belongs to no superuser in a check or in the setup of the scenarios', async () => {
      const checks = await rehearseNotes({
        'checks/03_more.sql': `--! Title: More
select 'superuser' as object, 'false' as expected, r.rolsuper::text as actual, not r.rolsuper as pass
from (select pg_catalog.set_config('session_authorization', session_user, true) as name) as s
inner join pg_catalog.pg_roles as r on r.rolname = s.name`,
      });
      expect(checks.checks.at(-1)).toMatchObject({ after: { outcome: 'pass' } });
      const { scenarios } = await rehearseNotes({
        'scenarios/setup.sql': `do $$ begin execute '${become}'; end $$; ${tryIn('null')}`,
      });
      expect(scenarios).toMatchObject({
        scenarios: [{ reason: expect.stringContaining('superuser: f') }],
      });
    });

    it('that has the settings which the state gave the database', async () => {
      const { apply } = await rehearseNotes(
        {
          'states/01_writer.sql': (text) =>
            `${text}\nreset role; do $$ begin execute pg_catalog.format('alter database %I set app.name = %L', current_database(), 'notes'); end $$;`,
          ...thirdSection(
            "do $$ begin raise notice '%', pg_catalog.current_setting('app.name', true); end $$;",
          ),
        },
        { isTrusted: true },
      );
      expect(apply).toMatchObject({ sections: [{}, {}, { notices: ['notes'] }] });
    });
  });

  it('has a role made that owns the database where no deployer is named', async () => {
    const result = await rehearseNotes({
      'bundle.yml': (text) => text.replace('deployer: notes_owner\n', ''),
    });
    expect(result).toMatchObject({
      outcome: 'pass',
      preflight: { role: expect.stringMatching(/^schema_fix_\w+_login_\d+$/) },
    });
  });

  it('refuses a deployer who is a superuser', async () => {
    const result = await rehearseNotes(
      {
        'bundle.yml': (text) => text.replace('deployer: notes_owner', 'deployer: notes_super'),
        'platforms/app.sql': (text) =>
          `${text}\ncreate role notes_super superuser;\ncomment on role notes_super is 'created by schema-fix-action';\n`,
      },
      { isTrusted: true },
    );
    expect(result).toMatchObject({
      outcome: 'fail',
      problem: {
        path: 'the deployer notes_super',
        message:
          'The role notes_super is a superuser here, whom nothing holds back: what it can do proves nothing.',
      },
    });
  });

  it('says which role is missing where the deployer is none of the platform', async () => {
    const result = await rehearseNotes({ 'bundle.yml': (text) => text.replace('notes_owner', 'nots_owner') });
    expect(result.problem).toMatchObject({ message: 'role "nots_owner" does not exist' });
  });

  it('takes the role that a state names for its deployer', async () => {
    const result = await rehearseNotes(
      thirdState(`reset role;\n${notes}\nalter table public.notes owner to app_user;`, 'Deployer: app_user'),
      { state: '3' },
    );
    expect(result.preflight).toMatchObject({ role: 'app_user' });
  });
});
