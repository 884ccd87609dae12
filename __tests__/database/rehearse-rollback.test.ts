/** A rehearsal rolls back what it deployed, and says so, or what is not as it was. */
import { describe, expect, it } from '@jest/globals';
import { type Session, withSession } from '../../src/database/with-session.js';
import { withRollback, withTransaction } from '../../src/database/with-transaction.js';
import { noteAccess } from '../../src/stages/access/access.js';
import { compareReach } from '../../src/stages/access/compare-reach.js';
import { countFound } from '../../src/stages/history/fingerprint-rows.js';
import { lookAtAll } from '../../src/stages/history/look-at-all.js';
import { rehearseRollback } from '../../src/stages/history/rehearse-rollback.js';
import type { Deployed } from '../../src/stages/history/rollback-attempt.js';
import { countSince, noteSince } from '../../src/stages/history/rows-since.js';
import { identify } from '../../src/stages/read-identity.js';
import { type Changes, loadNotes, thirdSection } from '../support/notes-bundle.js';
import { type NotesTarget, withNotesTarget } from '../support/notes-target.js';
import { rehearseNotes } from '../support/rehearse-notes.js';
import { deployMany, manyChanges } from '../support/return-notes.js';

const withManifest = (more: string, facts = ''): Changes => ({
  'bundle.yml': (text) =>
    text
      .replace('    facts:\n', `    facts:\n      ${facts}\n`)
      .replace('access:\n', `${more}\naccess:\n  functions: [public.note_written]\n`),
});

describe('a rehearsal', () => {
  it('ends with a rollback, one more after the application was used, and the fix applied once more', async () => {
    const result = await rehearseNotes(manyChanges, { rollsBack: true });
    expect(result.outcome).toBe('pass');
    expect(result.rollback).toEqual({
      outcome: 'pass',
      plain: {
        refused: [],
        chosen: [],
        kept: [],
        differing: [],
        rows: { before: 3, returned: 3 },
        since: { written: 0, kept: 0 },
        problem: null,
      },
      used: {
        refused: [],
        chosen: [],
        kept: ['what 1 row of public.notes says in made_at, in schema_fix_history.kept'],
        differing: [],
        rows: { before: 3, returned: 3 },
        since: { written: 1, kept: 1 },
        problem: null,
      },
      definitions: expect.any(Number),
      people: expect.any(Number),
      again: { passed: 2, planned: 2 },
    });
    expect(result.changes).toMatchObject({
      outcome: 'pass',
      changes: expect.arrayContaining([
        expect.objectContaining({ object: expect.stringContaining('made_at'), before: null }),
      ]),
    });
    expect(JSON.stringify(result.changes)).not.toContain('schema_fix');
  });

  it.each<[string, Changes, string]>([
    [
      'a constraint refuses',
      {
        ...thirdSection(`do $$ begin
            if not exists (select from pg_catalog.pg_attribute where attrelid = 'public.notes'::pg_catalog.regclass and attname = 'kind') then
                alter table public.notes add column kind text;
                update public.notes set kind = 'old' where body in ('bread', 'beer');
                alter table public.notes alter column kind set default 'new', alter column kind set not null;
            end if;
        end $$;`),
        ...withManifest('adds: [public.notes.kind]', 'kind: { columns: [kind], fill: "value = \'old\'" }'),
      },
      'column "kind" of relation "notes" contains null values',
    ],
    [
      'stay in a table that the fix makes',
      {
        ...thirdSection(`do $$ begin
            if not exists (select from pg_catalog.pg_attribute where attrelid = 'public.notes'::pg_catalog.regclass and attname = 'seen') then
                alter table public.notes add column seen boolean;
                create table public.written (body text);
                alter table public.written enable row level security;
                create function public.note_written() returns trigger language plpgsql security definer set search_path = '' as
                $f$ begin insert into public.written values (new.body); return new; end $f$;
                revoke execute on function public.note_written() from public;
                create trigger note_written after insert on public.notes for each row execute function public.note_written();
            end if;
        end $$;`),
        ...withManifest(
          'adds: [public.notes.seen, public.written]\nchanges: [trigger note_written on public.notes, function public.note_written]',
        ),
      },
      'relation "written" already exists',
    ],
  ])(
    'tells which rows written since %s, and applies the fix to what was there before',
    async (_, changes, message) => {
      const { rollback, outcome } = await rehearseNotes(changes, { rollsBack: true });
      expect(rollback).toMatchObject({
        outcome: 'pass',
        used: { problem: null, kept: expect.arrayContaining([expect.stringContaining(message)]) },
        again: { passed: 2, planned: 2 },
      });
      expect(outcome).toBe('pass');
    },
  );

  it('does so only where it is asked to', async () => {
    expect((await rehearseNotes()).rollback).toEqual({ outcome: 'skipped', reason: 'rollback is false' });
  });

  it('has nothing to roll back where the fix was not kept', async () => {
    const result = await rehearseNotes(
      { 'checks/01_author.sql': (text) => text.replace("'author'", "'nobody'") },
      { rollsBack: true },
    );
    expect(result).toMatchObject({
      outcome: 'fail',
      rollback: { outcome: 'skipped', reason: 'the fix was not kept' },
    });
  });

  it('reads rows that the fix hides from their owner, and says what became of them', async () => {
    const result = await rehearseNotes(
      {
        'states/01_writer.sql': (text) =>
          `${text}\ncreate table public.fees (id int primary key);\ninsert into public.fees values (1), (2);\n`,
        ...thirdSection(`do $$ begin
            if pg_catalog.has_table_privilege('public.fees', 'select') then
                delete from public.fees where id = 1;
                revoke all on public.fees from current_user;
            end if;
        end $$;`),
      },
      { rollsBack: true },
    );
    expect(result).toMatchObject({ outcome: 'fail', problem: null, apply: { outcome: 'pass' } });
    expect(result.preservation).toMatchObject({
      comparison: { differences: [{ word: 'gone', table: 'public.fees', key: 'id 1', columns: [] }] },
    });
  });
});

/** Deployed as to a target; what was there before is what the work says. */
async function rollBackAgainst(changed: (deployed: Deployed) => Partial<Deployed>, sql = '') {
  return withNotesTarget((target) => withDeployed(target, changed, sql));
}

async function withDeployed(
  target: NotesTarget,
  changed: (deployed: Deployed) => Partial<Deployed>,
  sql: string,
) {
  const bundle = await loadNotes();
  return withSession(target.connection, async (session) => {
    const first = await withRollback(session, () => lookAtAll(session));
    await deployMany(target);
    await session.query(sql);
    const { system, database } = await identify(session, 'here');
    const deployed: Deployed = {
      identity: { place: 'here', system, database, role: 'somebody' },
      sections: bundle.sections,
      lockTimeout: 3000,
      statementTimeout: 60_000,
      first,
      reach: null,
      checks: [],
    };
    return rehearseRollback(session, bundle, { ...deployed, ...changed(deployed) });
  });
}

describe('a rollback that says what stands in the way', () => {
  it('is told, and fails nothing', async () => {
    const found = await rollBackAgainst(() => ({}), 'alter policy "own notes" on public.notes using (true)');
    expect(found).toMatchObject({
      outcome: 'refused',
      plain: { refused: ['policy "own notes" on public.notes was changed since'], rows: { returned: 0 } },
      again: { outcome: 'skipped' },
    });
  });
});

describe('a rollback of a fix that calls an index of a partitioned table otherwise', () => {
  it('makes it again with those of its partitions', async () => {
    const { rollback } = await rehearseNotes(
      {
        'bundle.yml': (text) =>
          text.replace('tables: [public.notes]', 'tables: [public.notes, public.events]'),
        'states/01_writer.sql': (text) => `${text}
create table public.events (id bigint, at date not null) partition by range (at);
create table public.events_2026 partition of public.events for values from ('2026-01-01') to ('2027-01-01');
create index events_at on public.events (at);
insert into public.events values (1, '2026-05-01');`,
        ...thirdSection('alter index if exists public.events_at rename to ev_at;'),
      },
      { rollsBack: true },
    );
    expect(rollback).toMatchObject({ outcome: 'pass', plain: { refused: [], differing: [] } });
  });
});

describe('a rollback that says that it returned', () => {
  it.each<[string, (deployed: Deployed) => Partial<Deployed>, readonly string[]]>([
    [
      'a definition is another',
      ({ first }) => ({
        first: { ...first, definitions: new Map([...first.definitions, ['view public.gone', 'select 1']]) },
      }),
      ['view public.gone'],
    ],
    [
      'a row is another',
      ({ first }) => ({
        first: {
          ...first,
          rows: new Map([...first.rows, ['public.notes', { rows: 3, digest: '1', each: ['1', '2', '3'] }]]),
        },
      }),
      ['rows of public.notes'],
    ],
  ])('fails where %s', async (_what, changed, differing) => {
    const { outcome, plain } = await rollBackAgainst(changed);
    expect(plain).toMatchObject({ refused: [], differing });
    expect(outcome).toBe('fail');
  });

  it('fails where nothing was recorded', async () => {
    const { outcome, plain } = await withNotesTarget(async (target) => {
      const bundle = await loadNotes();
      return withSession(target.connection, async (session) => {
        const first = await withRollback(session, () => lookAtAll(session));
        const identity = await identify(session, 'here');
        const limits = { lockTimeout: 3000, statementTimeout: 60_000 };
        const { sections } = bundle;
        return rehearseRollback(session, bundle, {
          ...limits,
          identity,
          sections,
          first,
          reach: null,
          checks: [],
        });
      });
    });
    expect(plain.problem?.message).toContain('no deployment was recorded');
    expect(outcome).toBe('fail');
  });
});

describe('what it looks at', () => {
  const inNotes = <T>(work: (session: Session) => Promise<T>): Promise<T> =>
    withNotesTarget((target) =>
      withSession(target.connection, (session) => withRollback(session, () => work(session))),
    );

  it('is each row written since, by what it says, whatever its columns are called by then', async () => {
    const found = await inNotes(async (session) => {
      await session.query("insert into public.notes (writer, body) values ('ann', 'a'), ('ann', 'b')");
      const since = await noteSince(session);
      await session.query('alter table public.notes rename column writer to author');
      const all = await countSince(session, since);
      await session.query("update public.notes set body = 'other' where body = 'a'");
      return [since.map(({ rows }) => rows), all, await countSince(session, since)];
    });
    expect(found).toEqual([[2], 2, 1]);
  });

  it('is each row of before, as often as it was there', async () => {
    const found = await inNotes(async (session) => {
      const first = await lookAtAll(session);
      await session.query(
        "update public.notes set body = 'x' where id = 1; delete from public.notes where id = 2",
      );
      await session.query("insert into public.notes (writer, body) values ('ann', 'more')");
      return countFound(first.rows, (await lookAtAll(session)).rows);
    });
    expect(found).toBe(1);
  });

  it('is what each person reaches, neither more nor less', async () => {
    const bundle = await loadNotes();
    const found = await withNotesTarget((target) =>
      withSession(target.connection, (session) =>
        withTransaction(session, async () => {
          await session.query(
            `grant select on public.notes to app_user;
             alter table public.notes enable row level security;
             create policy own on public.notes to app_user using (writer = pg_catalog.current_setting('request.jwt.claims')::jsonb ->> 'sub')`,
          );
          await session.query('alter table public.notes owner to notes_owner; set local role notes_owner');
          const notes = await noteAccess(session, bundle, { triesWrites: true, isAwaited: false });
          const same = await compareReach(session, notes);
          await session.query('alter policy own on public.notes using (true)');
          const open = await compareReach(session, notes);
          await session.query('drop policy own on public.notes');
          const shut = await compareReach(session, notes);
          await session.query('revoke select on public.notes from app_user');
          return { same, open, shut, revoked: await compareReach(session, notes) };
        }),
      ),
    );
    expect(found).toEqual({
      same: [],
      open: [expect.stringMatching(/^rows of public\.notes that \d+ of the people tried could read before$/)],
      shut: [expect.stringMatching(/^rows of public\.notes that \d+ of the people tried could read before$/)],
      revoked: [expect.stringContaining('public.notes'), expect.stringContaining('public.notes')],
    });
  });
});
