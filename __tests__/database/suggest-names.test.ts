import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runFile } from '../../src/database/run-file.js';
import { type Session, withSession } from '../../src/database/with-session.js';
import { withRollback, withSavepoint } from '../../src/database/with-transaction.js';
import { SqlError } from '../../src/errors.js';
import type { SubjectResult } from '../../src/model.js';
import { readNames, rewriteLine } from '../../src/report/suggestions.js';
import { rehearseNotes } from '../support/rehearse-notes.js';
import { getTestServer, useTestDatabase, withClient } from '../support/server.js';

const connection = useTestDatabase();
const reader = 'suggest_names_reader';

beforeAll(() =>
  withClient(connection(), (client) =>
    client.query(`
      create schema chat;
      create table chat.rooms (id int constraint rooms_pkey primary key, created_by uuid, "Odd Name" text);
      create table chat.messages (id int, room_id int, sender uuid);
      create type chat.kind as enum ('a');
      create function chat.is_member(room int, person uuid) returns boolean language sql return true;
      create policy members on chat.rooms using (true);
      create schema secret;
      create table secret.chat_tokens (id int);
      create role ${reader};
      grant usage on schema chat to ${reader};
      grant select (id) on chat.rooms to ${reader};`),
  ),
);
afterAll(() => withClient(getTestServer().connection, (client) => client.query(`drop role ${reader}`)));

const within = <T>(work: (session: Session) => Promise<T>) =>
  withSession(connection(), (session) => withRollback(session, () => work(session)));

async function hintOf(session: Session, text: string): Promise<string | null> {
  try {
    await withSavepoint(session, () => runFile(session, { path: 'a.sql', text }));
  } catch (error: unknown) {
    if (error instanceof SqlError) return error.problem.hint;
    throw error;
  }
  throw new Error('nothing was wrong');
}

/** The statement as a suggestion on its line would have it. */
async function rewritten(session: Session, text: string): Promise<string | null> {
  try {
    await withSavepoint(session, () => runFile(session, { path: 'a.sql', text }));
  } catch (error: unknown) {
    if (!(error instanceof SqlError)) throw error;
    const names = readNames(error.problem);
    const { column } = error.problem;
    return names === null ? null : rewriteLine(text, { folder: '', path: '', line: 1, column, ...names });
  }
  throw new Error('nothing was wrong');
}

describe('a suggestion', () => {
  it.each([
    ['select from chat.romms', 'select from chat.rooms'],
    ['select from rooms', 'select from chat.rooms'],
    ['alter table chat.room add x int', 'alter table chat.rooms add x int'],
    ['insert into chat.messages (sendr) values (null)', 'insert into chat.messages (sender) values (null)'],
    ['select m.sendr from chat.messages as m', 'select m.sender from chat.messages as m'],
    ['update chat.rooms set "odd name" = 1', 'update chat.rooms set "Odd Name" = 1'],
    ['select chat.is_membr(1, null)', 'select chat.is_member(1, null)'],
    ['select chat.is_member(1)', null],
    [
      'select from chat.messages where romm_id in (select romm_id from chat.rooms)',
      'select from chat.messages where romm_id in (select room_id from chat.rooms)',
    ],
  ])('of %s is the line as it would be', async (text, expected) => {
    await within(async (session) => {
      const found = await rewritten(session, text);
      expect(found === text ? null : found).toBe(expected);
    });
  });
});

describe('suggestNames', () => {
  it.each([
    ['select from chat.romms', 'Did you mean chat.rooms?'],
    ['alter table chat.room add x int', 'Did you mean chat.rooms?'],
    ['select from rooms', 'Did you mean chat.rooms?'],
    ['drop table chat.mesages', 'Did you mean chat.messages?'],
    ['insert into chat.messages (sendr) values (null)', 'Did you mean sender of messages?'],
    ['alter table chat.rooms drop column creatd_by', 'Did you mean created_by of rooms?'],
    ['create index on chat.messages (roomId)', 'Did you mean room_id of messages?'],
    ['update chat.rooms set "odd name" = 1', 'Did you mean "Odd Name" of rooms?'],
    ['select chat.is_member(1)', expect.stringContaining('Did you mean chat.is_member(integer,uuid)?')],
    ['select chat.is_membr(1, null)', expect.stringContaining('Did you mean chat.is_member(integer,uuid)?')],
    ['drop function chat.ismember(int, uuid)', 'Did you mean chat.is_member(integer,uuid)?'],
    ['select null::chat.kinds', 'Did you mean chat.kind?'],
    [`grant select on chat.rooms to ${reader}s`, `Did you mean ${reader}?`],
    ['alter table chat.rooms drop constraint room_pkey', 'Did you mean rooms_pkey of rooms?'],
    ['drop policy member on chat.rooms', 'Did you mean members of rooms?'],
    ['create table chatt.x ()', 'Did you mean chat?'],
    ['select from chat.invoices', null],
    ["do $$ begin execute 'select from chat.romms'; end $$", 'Did you mean chat.rooms?'],
  ])('answers %s', async (text, hint) => {
    expect(await within((session) => hintOf(session, text))).toEqual(hint);
  });

  it('keeps what Postgres itself suggests', async () => {
    const hint = await within((session) => hintOf(session, 'select m.sendr from chat.messages as m'));
    expect(hint).toBe('Perhaps you meant to reference the column "m.sender".');
  });

  it('knows what an earlier statement of the transaction has made', async () => {
    const hint = await within(async (session) => {
      await runFile(session, { path: 'a.sql', text: 'create table chat.reactions (id int)' });
      return hintOf(session, 'select from chat.raections');
    });
    expect(hint).toBe('Did you mean chat.reactions?');
  });

  it('names nothing that the role may not see', async () => {
    const hints = await within(async (session) => {
      await session.query(`set local role ${reader}`);
      return [
        await hintOf(session, 'select from chat_token'),
        await hintOf(session, 'drop table chat.mesages'),
        await hintOf(session, 'select from chat.romms'),
      ];
    });
    expect(hints).toEqual([null, null, 'Did you mean chat.rooms?']);
  });
});

/** Everywhere in the bundle the table is public.notes with the columns id, writer and body. */
const wrong = 'select from public.nots';

describe('a rehearsal', () => {
  it('suggests names in checks, scenarios and access rules', async () => {
    const { checks, scenarios, access } = await rehearseNotes({
      'checks/02_row_level_security.sql': `--! Title: Wrong\n${wrong}`,
      'scenarios/01_own_notes.sql': `--! Title: Wrong\n\n--! Step: looks\n--! As: ann\n--! Expect: rows 1\n${wrong};\n`,
      'access/01_own_notes.sql': `--! Title: Wrong\n${wrong}`,
    });
    const hint = 'Did you mean public.notes?';
    expect(checks[1]?.after).toMatchObject({ problem: { hint } });
    expect(scenarios).toMatchObject({ scenarios: [{ steps: [{ problem: { hint } }] }] });
    expect(JSON.stringify(access)).toContain(hint);
  });

  const problemOf = ({ problem, apply }: SubjectResult) =>
    problem ?? (apply.outcome === 'skipped' ? null : apply.problem);

  it.each([
    [
      'a section',
      { 'sections/02_policies.sql': `--! Title: Wrong\n\n${wrong};` },
      'Did you mean public.notes?',
    ],
    [
      'the manifest',
      {
        'bundle.yml': (text: string) =>
          text.replace('columns: [body] }', 'columns: [body], normalise: "pg_catalog.lowr(value)" }'),
      },
      expect.stringContaining('or lower(text)?'),
    ],
    [
      'a query of the manifest',
      { 'bundle.yml': (text: string) => text.replace('access:\n', `access:\n  people: ${wrong}\n`) },
      'Did you mean public.notes?',
    ],
  ])('suggests names in %s', async (_, changes, hint) => {
    expect(problemOf(await rehearseNotes(changes))).toMatchObject({ hint });
  });
});
