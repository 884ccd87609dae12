import { describe, expect, it } from '@jest/globals';
import type { PreservationResult, RowDifference } from '../../src/model.js';
import { type Changes, thirdSection, thirdState } from '../support/notes-bundle.js';
import { type RehearsalOptions, rehearseNotes } from '../support/rehearse-notes.js';

async function preservationOf(changes: Changes, options: RehearsalOptions = {}): Promise<PreservationResult> {
  const { preservation, apply } = await rehearseNotes(changes, options);
  if (preservation.outcome === 'skipped') {
    throw new Error(apply.outcome === 'fail' ? apply.problem?.message : preservation.reason);
  }
  return preservation;
}

/** Each difference as a report would say it: `public.notes id 2: body changed`. */
async function differencesIn(changes: Changes, options: RehearsalOptions = {}): Promise<string[]> {
  const { comparison } = await preservationOf(changes, options);
  expect(comparison.outcome).toBe(comparison.differences.length === 0 ? 'pass' : 'fail');
  return comparison.differences.map(say);
}

function say({ word, table, key, columns }: RowDifference): string {
  return `${[table, key].filter(Boolean).join(' ')}: ${[columns.join(', '), word].filter(Boolean).join(' ')}`;
}

/** A state with an archive of the application's, which the manifest does not name, and another column of notes. */
const state = `create type public.mood as enum ('good', 'bad');
create table public.notes (
    id bigint generated always as identity primary key, writer text, body text, mail text, price numeric, mood public.mood,
    at timestamp, said real, fine boolean, tags text[], doc jsonb, sent json default '{"a": 1}', scores real[] default '{0,1}',
    answers bigint references public.notes (id)
);
insert into public.notes (writer, body, mail, price, mood, at, said, fine, tags, doc) values
    ('ann', 'bread', ' Ann@x.org', 1.10, 'good', '2025-01-01 12:00', 0.1, true, '{a,b}', '{"a": [1, 2]}'),
    ('ben', 'beer', 'ben@x.org', 2.50, 'bad', '2025-01-02 12:00', 'NaN', false, '{}', 'null'),
    ('ben', 'beer', 'ben@x.org', 2.50, 'bad', '2025-01-02 12:00', '-0', false, null, null);
update public.notes set answers = 1 where id = 2;
create table public.archive (id int primary key, body text, day date);
insert into public.archive values (1, 'one', '2025-01-01'), (2, 'two', '2025-01-02');
create table public.stamps (note bigint references public.notes (id), stamp text);
insert into public.stamps values (1, 'seen'), (2, 'seen');
create sequence public.receipts start 100;
select pg_catalog.nextval('public.receipts');`;

const withState = (sql: string): Changes => ({ ...thirdState(state), ...thirdSection(sql) });
const other: RehearsalOptions = { state: '3' };

/** The manifest, with more said of the notes. */
const saying = (more: string, facts = ''): Changes => ({
  'bundle.yml': (text) => text.replace('    facts:\n', `${more}    facts:\n${facts}`),
});

/** The same with notes in two partitions. */
const parted = (sql: string): Changes => ({
  ...thirdState(`create table public.notes (id bigint, writer text, body text) partition by list (body);
    create table public.notes_beer partition of public.notes for values in ('beer');
    create table public.notes_rest partition of public.notes default;
    insert into public.notes values (1, 'ann', 'bread'), (2, 'ben', 'beer'), (3, null, 'cake');`),
  ...thirdSection(sql),
});

describe('the comparison of the whole database', () => {
  it('finds nothing where nothing but the declared has changed', async () => {
    expect(await differencesIn(withState('select 1;'), other)).toEqual([]);
  });

  it.each([
    [
      'a text',
      "update public.notes set body = body || ' ' where id = 1",
      ['public.notes id 1: body changed'],
    ],
    ['digits', 'update public.notes set price = 1.1 where id = 1', ['public.notes id 1: price changed']],
    ['a sign', 'update public.notes set said = 0 where id = 3', ['public.notes id 3: said changed']],
    ['null in JSON', 'update public.notes set doc = null where id = 2', ['public.notes id 2: doc changed']],
    [
      'null in a list',
      "update public.notes set tags = '{}' where id = 3",
      ['public.notes id 3: tags changed'],
    ],
    [
      'bounds of a list',
      "update public.notes set tags = '[2:3]={a,b}' where id = 1",
      ['public.notes id 1: tags changed'],
    ],
    [
      'a sign in a list',
      "update public.notes set scores = '{-0,1}' where id = 1",
      ['public.notes id 1: scores changed'],
    ],
    [
      'a key that JSON has twice',
      `update public.notes set sent = '{"a": 2, "a": 1}' where id = 1`,
      ['public.notes id 1: sent changed'],
    ],
    [
      'nothing in JSON and the word for it',
      `update public.notes set doc = '"null"' where id = 2`,
      ['public.notes id 2: doc changed'],
    ],
    [
      'two values, swapped',
      'update public.notes set mail = case id when 1 then (select mail from public.notes where id = 2) else (select mail from public.notes where id = 1) end where id < 3',
      ['public.notes id 1: mail changed', 'public.notes id 2: mail changed'],
    ],
    [
      'a type, and with it the digits',
      'alter table public.notes alter column price type numeric(5, 1)',
      [
        'public.notes id 1: price changed',
        'public.notes id 2: price changed',
        'public.notes id 3: price changed',
        'type of price on public.notes: changed',
      ],
    ],
    [
      'a zone',
      "set local timezone = 'Asia/Tokyo'; alter table public.notes alter column at type timestamptz; set local timezone = 'UTC'",
      [
        'public.notes id 1: at changed',
        'public.notes id 2: at changed',
        'public.notes id 3: at changed',
        'type of at on public.notes: changed',
      ],
    ],
    [
      'the word of an enum',
      "alter type public.mood rename value 'good' to 'great'",
      [
        'public.notes id 1: mood changed',
        'type public.mood: changed',
        'label good of type public.mood: gone',
      ],
    ],
    [
      'names of columns',
      'alter table public.archive rename column body to old; alter table public.archive add column body text',
      [
        'public.archive: body, old changed',
        'public.archive id 1: body, old changed',
        'public.archive id 2: body, old changed',
      ],
    ],
  ])('sees %s', async (_what, sql, differences) => {
    expect(await differencesIn(withState(`${sql};`), other)).toEqual(differences);
  });

  it.each([
    ['nothing where a row is set aside and a column called otherwise', 'select 1;', []],
    [
      'a text in a partition, once',
      "update public.notes_beer set author = 'ann';",
      ['public.notes id 2: writer changed'],
    ],
  ])('reads partitions as what they are parts of, and sees %s', async (_what, sql, differences) => {
    expect(await differencesIn(parted(sql), other)).toEqual(differences);
  });

  it.each([
    [
      'a filled column',
      'alter table public.notes drop column mail',
      [
        'public.notes: mail gone',
        'public.notes id 1: mail changed',
        'public.notes id 2: mail changed',
        'public.notes id 3: mail changed',
      ],
    ],
    [
      'a table that the manifest does not name',
      'truncate public.archive',
      ['public.archive id 1: gone', 'public.archive id 2: gone'],
    ],
    [
      'a table of which an empty one takes the name',
      'alter table public.archive rename to archive_old; create table public.archive (like public.archive_old)',
      [
        'public.archive_old: appeared',
        'public.archive id 1: gone',
        'public.archive id 2: gone',
        'constraint archive_pkey on public.archive: changed',
      ],
    ],
    ['a row with what hangs on it', 'delete from public.stamps where note = 1', ['public.stamps: gone']],
    [
      'a double',
      'delete from public.stamps where note = 2; insert into public.stamps values (1, $$seen$$)',
      ['public.stamps: gone', 'public.stamps: appeared'],
    ],
  ])('sees that %s is gone', async (_what, sql, differences) => {
    expect(await differencesIn(withState(`${sql};`), other)).toEqual(differences);
  });

  it.each([
    ['a row', "insert into public.archive values (3, 'three')", ['public.archive id 3: appeared']],
    ['a column', 'alter table public.notes add column extra text', ['public.notes: extra appeared']],
    ['a table', 'create table public.more (id int)', ['public.more: appeared']],
    [
      'rows of another table',
      'insert into public.archive (id, body) select id + 2, body from public.notes where id = 1; delete from public.stamps where note = 1; update public.notes set answers = null where id = 2; delete from public.notes where id = 1',
      [
        'public.notes id 2: answers changed',
        'public.notes id 1: gone',
        'public.stamps: gone',
        'public.archive id 3: appeared',
      ],
    ],
  ])('sees that %s appeared', async (_what, sql, differences) => {
    expect((await differencesIn(withState(`${sql};`), other)).sort()).toEqual([...differences].sort());
  });

  it('tells a row that moved complete from one that is gone', async () => {
    const moved =
      'create table public.hidden (like public.notes); insert into public.hidden select * from public.notes where id = 3; delete from public.notes where id = 3;';
    const manifest: Changes = {
      'bundle.yml': (text) => text.replace('tables: [public.notes]', 'tables: [public.notes, public.hidden]'),
    };
    expect(await differencesIn({ ...withState(moved), ...manifest }, other)).toEqual([
      'public.notes 1 row is in public.hidden: moved without being declared',
    ]);
  });

  it('counts what was written where the table was not read, and where nothing came of it', async () => {
    expect(await differencesIn(withState('update public.archive set body = body;'), other)).toEqual([
      'public.archive rows written: 2: changed',
    ]);
  });

  it('lets a materialized view follow its tables, and no more', async () => {
    const view = 'create materialized view public.writers as select id, body from public.notes;';
    const changed: Changes = {
      ...thirdState(`${state}\n${view}`),
      'bundle.yml': (text) =>
        text.replace(
          '    facts:\n',
          '    facts:\n      body: { columns: [body], normalise: "upper(value)" }\n',
        ),
    };
    const body = 'update public.notes set body = upper(body) where body <> upper(body);';
    const refresh = 'refresh materialized view public.writers;';
    const differencesOf = (sql: string) => differencesIn({ ...changed, ...thirdSection(sql) }, other);
    const stale = ['rows of public.writers: are not what its query answers'];
    expect(await differencesOf(`${body} ${refresh}`)).toEqual([]);
    expect(await differencesOf(body)).toEqual(stale);
    expect(await differencesOf(`${refresh} ${body}`)).toEqual(stale);
    expect(await differencesOf(`drop materialized view public.writers; ${view} ${body}`)).toEqual(stale);
  });

  it('names the rows of a materialized view that is made again with other columns', async () => {
    const view = 'create materialized view public.prices as select id, price from public.notes;';
    const again: Changes = {
      ...thirdState(`${state}\n${view}`),
      ...thirdSection(
        `do $$ begin
           if not exists (select from pg_catalog.pg_attribute where attrelid = 'public.prices'::pg_catalog.regclass and attname = 'price' and atttypid = 'float8'::pg_catalog.regtype) then
             drop materialized view public.prices;
             create materialized view public.prices as select id, price::float8 as price from public.notes;
           end if;
         end $$;`,
      ),
    };
    const declaring = (names: string): Changes => ({
      'bundle.yml': (text) => text.replace('actors:', `changes: [${names}]\nactors:`),
    });
    const known = 'view public.prices, type of price on public.prices';
    expect(await differencesIn({ ...again, ...declaring(known) }, other)).toEqual([
      'rows of public.prices: changed',
    ]);
    expect(await differencesIn({ ...again, ...declaring(`${known}, rows of public.prices`) }, other)).toEqual(
      [],
    );
  });

  it('sees a sequence that was set back, and no gap', async () => {
    expect(await differencesIn(withState("select pg_catalog.nextval('public.receipts');"), other)).toEqual(
      [],
    );
    expect(await differencesIn(withState('alter sequence public.receipts restart with 100;'), other)).toEqual(
      ['public.receipts: last_value changed'],
    );
  });

  it('is the same whatever a section sets', async () => {
    const sql =
      "set local datestyle = 'German'; set local extra_float_digits = -3; set local bytea_output = 'escape';";
    expect(await differencesIn(withState(sql), other)).toEqual([]);
  });
});

describe('what a manifest declares', () => {
  const mail = 'update public.notes set mail = pg_catalog.lower(pg_catalog.btrim(mail));';
  const declared = (fact: string): Changes => saying('', `      ${fact}\n`);

  it('may be a word more of an enum, which the manifest names, in whichever table it is', async () => {
    const more = {
      ...thirdState(`${state}\nalter table public.archive add column mood public.mood;`),
      ...thirdSection("alter type public.mood add value 'calm' before 'bad';"),
    };
    expect(await differencesIn(more, other)).toEqual(['type public.mood: changed']);
    const manifest: Changes = {
      'bundle.yml': (text) => text.replace('actors:', 'changes: [type public.mood]\nactors:'),
    };
    expect(await differencesIn({ ...more, ...manifest }, other)).toEqual([]);
  });

  it('may be normalised, and no further', async () => {
    const fact = declared(
      'mail: { columns: [mail], normalise: "pg_catalog.lower(pg_catalog.btrim(value))" }',
    );
    expect(await differencesIn(withState(mail), other)).toEqual(['public.notes id 1: mail changed']);
    const { comparison, kinds } = await preservationOf({ ...withState(mail), ...fact }, other);
    expect(comparison.differences).toEqual([]);
    expect(kinds.flatMap(({ excused }) => excused)).toEqual([
      { fact: 'mail', normalised: 1, alike: 0, filled: 0 },
    ]);
    const named = await preservationOf(
      {
        ...withState(mail),
        ...saying(
          '    by: [id]\n',
          '      mail: { columns: [mail], normalise: "pg_catalog.lower(pg_catalog.btrim(value))" }\n',
        ),
      },
      other,
    );
    expect(named.kinds).toEqual(kinds);
    const upper = mail.replace('lower', 'upper');
    expect(await differencesIn({ ...withState(upper), ...fact }, other)).toHaveLength(3);
  });

  it('may be normalised to what it is the text of', async () => {
    const twice = {
      ...thirdState(`${state}\nupdate public.notes set doc = pg_catalog.to_jsonb(doc::text) where id = 1;`),
      ...thirdSection(
        "update public.notes set doc = (doc #>> '{}')::jsonb where pg_catalog.jsonb_typeof(doc) = 'string';",
      ),
    };
    const fact = declared('doc: { columns: [doc], normalise: "value::jsonb" }');
    expect(await differencesIn(twice, other)).toEqual(['public.notes id 1: doc changed']);
    const { comparison, kinds } = await preservationOf({ ...twice, ...fact }, other);
    expect(comparison.differences).toEqual([]);
    expect(kinds.flatMap(({ excused }) => excused)).toEqual([
      { fact: 'doc', normalised: 1, alike: 0, filled: 0 },
    ]);
  });

  describe('of a time without a zone', () => {
    const zoned = (zone: string) =>
      withState(
        `do $$ begin
           if (select atttypid from pg_catalog.pg_attribute where attrelid = 'public.notes'::pg_catalog.regclass and attname = 'at') = 'timestamp'::pg_catalog.regtype then
             alter table public.notes alter column at type timestamptz using at at time zone '${zone}';
           end if;
         end $$;`,
      );
    const inBerlin = "value::timestamp at time zone 'Europe/Berlin'";

    it.each([
      ['the value', `normalise: "${inBerlin}"`],
      ['its text', `normalise: "(${inBerlin})::text"`],
      ['the value, with its type', `type: timestamptz, normalise: "${inBerlin}"`],
      ['its text, with the type', `type: timestamptz, normalise: "(${inBerlin})::text"`],
    ])('may be normalised to one with a zone by %s, and to no other', async (_, said) => {
      const fact = declared(`at: { columns: [at], ${said} }`);
      expect(await differencesIn({ ...zoned('Europe/Berlin'), ...fact }, other)).toEqual([]);
      expect(await differencesIn({ ...zoned('Asia/Tokyo'), ...fact }, other)).toHaveLength(3);
    });

    it('may be compared as what it is at one time of day', async () => {
      const zone = "value like '%+00'";
      const fact = declared(
        `at: { columns: [at], compared_as: "case when ${zone} then value::timestamptz else ${inBerlin} end" }`,
      );
      expect(await differencesIn({ ...zoned('Europe/Berlin'), ...fact }, other)).toEqual([
        'type of at on public.notes: changed',
      ]);
      expect(await differencesIn({ ...zoned('UTC'), ...fact }, other)).toHaveLength(4);
    });
  });

  it('may be normalised from a float to what is exact', async () => {
    const exact = withState(
      'alter table public.notes alter column said type numeric(12, 2) using pg_catalog.round(said::numeric, 2);',
    );
    for (const to of ['pg_catalog.round(value::numeric, 2)::numeric(12,2)', 'value::numeric(12,2)::text'])
      expect(
        await differencesIn(
          { ...exact, ...declared(`said: { columns: [said], normalise: "${to}" }`) },
          other,
        ),
      ).toEqual([]);
  });

  it('reads json that no jsonb can hold, and sees what becomes another', async () => {
    const odd = String.raw`create table public.odd (id int primary key, doc json, docs json[]);
      insert into public.odd values
          (1, '"\ud800"', array['"\udc00"'::json]), (2, '[1e400000]', null), (3, '{"a": "\u0000 \ud83d\ude00"}', array['1e-99999'::json]);`;
    const changes = {
      ...thirdState(`${state}\n${odd}`),
      ...thirdSection(String.raw`update public.odd set doc = '"\ud801"' where id = 1;`),
    };
    expect(await differencesIn(changes, other)).toEqual(['public.odd id 1: doc changed']);
  });

  it('may be the same only in what it is compared as', async () => {
    const number = withState("update public.notes set body = body || ' (2)' where id = 3;");
    const fact: Changes = {
      'bundle.yml': (text) =>
        text.replace(
          'columns: [body] }',
          'columns: [body], compared_as: "pg_catalog.split_part(value, \' (\', 1)" }',
        ),
    };
    expect(await differencesIn(number, other)).toEqual(['public.notes id 3: body changed']);
    expect(await differencesIn({ ...number, ...fact }, other)).toEqual([]);
  });

  it('may be filled where it is a gap, with what may stand there', async () => {
    const fact = declared(`mail: { columns: [mail], gap: "value like 'ben%'", fill: "value = 'none'" }`);
    const fill = (word: string, id: number) =>
      withState(`update public.notes set mail = '${word}' where id = ${id};`);
    const { comparison, kinds } = await preservationOf({ ...fill('none', 2), ...fact }, other);
    expect(comparison.differences).toEqual([]);
    expect(kinds.flatMap(({ excused }) => excused)).toEqual([
      { fact: 'mail', normalised: 0, alike: 0, filled: 1 },
    ]);
    expect(await differencesIn({ ...fill('other', 2), ...fact }, other)).toEqual([
      'public.notes id 2: mail changed',
    ]);
    expect(await differencesIn({ ...fill('none', 1), ...fact }, other)).toEqual([
      'public.notes id 1: mail changed',
    ]);
  });

  it('may stay behind, and is counted', async () => {
    const manifest: Changes = {
      'bundle.yml': (text) =>
        text
          .replace('    facts:\n', '    leaves: { mail: any }\n    facts:\n')
          .replace('actors:', 'drops: [public.notes.mail]\nactors:'),
    };
    const gone = withState('alter table public.notes drop column mail;');
    const { comparison, kinds } = await preservationOf({ ...gone, ...manifest }, other);
    expect(comparison.differences).toEqual([]);
    expect(kinds.flatMap(({ excused }) => excused)).toEqual([
      { fact: 'mail', normalised: 0, alike: 0, filled: 0, left: 3 },
    ]);
  });

  it('may be counted together, with how many are alike by it', async () => {
    const fact = declared(
      `mail: { columns: [mail], normalise: "case when value <> '' then 'somebody@x.org' end" }`,
    );
    const same = withState("update public.notes set mail = 'somebody@x.org';");
    const { comparison, kinds } = await preservationOf({ ...same, ...fact }, other);
    expect(comparison.differences).toEqual([]);
    expect(kinds.flatMap(({ excused }) => excused)).toEqual([
      { fact: 'mail', normalised: 3, alike: 1, filled: 0 },
    ]);
  });

  it.each([
    ['null', 'add column extra text', []],
    ['a default', "add column extra text default 'x'", []],
    [
      'a default that did not stay',
      "add column extra text default 'x'; alter table public.notes alter column extra drop default",
      [],
    ],
    ['the time', 'add column extra timestamptz not null default pg_catalog.now()', []],
    ['a number of its own', 'add column extra bigint generated always as identity', []],
    ['a uuid by chance', 'add column extra uuid default pg_catalog.gen_random_uuid()', []],
    ['what is computed', 'add column extra text generated always as (pg_catalog.lower(mail)) stored', []],
    [
      'what another row says',
      'add column extra text; update public.notes set extra = (select n.mail from public.notes as n where n.id = 1) where id = 2',
      ['public.notes id 2: extra changed'],
    ],
  ])('may be a column that is new, as long as it holds %s', async (_what, sql, differences) => {
    const adds: Changes = {
      'bundle.yml': (text) => text.replace('actors:', 'adds: [public.notes.extra]\nactors:'),
    };
    expect(await differencesIn({ ...withState(`alter table public.notes ${sql};`), ...adds }, other)).toEqual(
      differences,
    );
  });

  it.each([
    ['computed', 'add column search text generated always as ((mail || body) || mail) stored'],
    ['given by default', "add column search int default (pg_catalog.length('x') + 1) * 2"],
    ['keyed to a table called so', 'add column search bigint references public.search (id)'],
    ['indexed', 'add column search bigint; create index on public.notes using hash (search)'],
  ])('may be called as a function is that writes, though it is %s', async (_what, sql) => {
    const adds: Changes = {
      'bundle.yml': (text) => text.replace('actors:', 'adds: [public.notes.search]\nactors:'),
    };
    const called = `create table public.search (id bigint primary key);
      create function public.search() returns void language sql as 'delete from public.archive';
      create function public.hash(int) returns void language sql as 'delete from public.archive';`;
    const changes = {
      ...thirdState(`${state} ${called}`),
      ...thirdSection(`alter table public.notes ${sql};`),
    };
    expect(await differencesIn({ ...changes, ...adds }, other)).toEqual([]);
  });

  it('may be a column that is new, with what fill says of the row', async () => {
    const adds = declared(
      'extra: { columns: [extra], fill: "value = pg_catalog.upper(said.mail)" }\n      mail: { columns: [mail] }',
    );
    const fill = (sql: string) =>
      withState(`alter table public.notes add column extra text; update public.notes set extra = ${sql};`);
    expect(await differencesIn({ ...fill('pg_catalog.upper(mail)'), ...adds }, other)).toEqual([]);
    expect(await differencesIn({ ...fill("'BEN@X.ORG'"), ...adds }, other)).toEqual([
      'public.notes id 1: extra changed',
    ]);
  });

  it('may go on in a new column, with the same words', async () => {
    const fact = declared('address: { columns: [address, mail] }');
    const rename = withState('alter table public.notes rename column mail to address;');
    const forge = withState(
      "alter table public.notes add column address text; update public.notes set address = 'x' where id = 1;",
    );
    const forgotten = withState(
      "alter table public.notes add column address text; update public.notes set address = 'ben@x.org'; alter table public.notes drop column mail;",
    );
    expect(await differencesIn({ ...rename, ...fact }, other)).toEqual([]);
    expect(await differencesIn({ ...forge, ...fact }, other)).toEqual(['public.notes id 1: mail changed']);
    expect(await differencesIn({ ...forgotten, ...fact }, other)).toEqual([
      'public.notes id 1: mail changed',
    ]);
  });

  it('may be new or dropped, the rows of what is dropped being nowhere lost', async () => {
    const sql = withState(
      'alter table public.notes add column extra text; create table public.more (id int); alter table public.notes drop column answers;',
    );
    const manifest: Changes = {
      'bundle.yml': (text) =>
        text.replace(
          'actors:',
          'adds: [public.notes.extra, public.more]\ndrops: [public.notes.answers]\nactors:',
        ),
    };
    expect(await differencesIn({ ...sql, ...manifest }, other)).toEqual([
      'public.notes id 2: answers changed',
      // It went with the table that it pointed at, and the manifest does not say so.
      'constraint notes_answers_fkey on public.notes: gone',
    ]);
  });

  it('lets keys forget what was set aside, and nothing else', async () => {
    const sql = withState(
      "insert into notes_quarantine.rows select 'public.notes', 'test', pg_catalog.to_jsonb(n) from public.notes as n where id = 1; insert into notes_quarantine.rows select 'public.stamps', 'test', pg_catalog.to_jsonb(s) from public.stamps as s where note = 1; delete from public.stamps where note = 1; update public.notes set answers = null where id = 2; delete from public.notes where id = 1;",
    );
    const manifest: Changes = {
      'bundle.yml': (text) =>
        text
          .replace('nobody wrote it, when: said.author is null', "test, when: said.id = '1'")
          .replace('actors:', 'keyed: { detach: true, quarantine: true }\nactors:'),
    };
    const { comparison } = await preservationOf({ ...sql, ...manifest }, other);
    expect(comparison.differences).toEqual([]);
    expect(comparison.keys).toEqual([
      { table: 'public.notes', column: 'answers', followed: 0, forgotten: 1 },
    ]);
    expect((await differencesIn(sql, other)).sort()).toEqual([
      'notes_quarantine.rows 1 row of a table of which none may be there (“test”), of no row that may be there for that reason, or once more: appeared',
      'public.notes id 1, into notes_quarantine.rows: moved without being declared',
      'public.notes id 2: answers changed',
      'public.stamps: gone',
    ]);
  });

  it('may become one with others, which says in each column of merge what one of them said', async () => {
    const manifest: Changes = {
      'bundle.yml': (text) =>
        text.replace(
          / {4}facts:\n +id: .*\n/,
          `    merge: [said, tags, doc, answers]
    facts:
      id: { columns: [id], type: bigint, normalise: "case value when '3' then '2' else value end" }
`,
        ),
    };
    const joined = (sql: string) =>
      differencesIn(
        {
          ...withState(`delete from public.notes where id = 3; update public.notes set ${sql};`),
          ...manifest,
        },
        other,
      );
    expect(await joined('tags = null, answers = null where id = 2')).toEqual([]);
    expect(await joined("tags = '{z}', answers = null where id = 2")).toEqual([
      'public.notes id 2: tags (none of the rows that became this one says so) changed',
    ]);
    expect(await joined('tags = null, fine = true where id = 2')).not.toEqual([]);
    expect(await joined("tags = '{a}' where id = 1")).toEqual(['public.notes id 1: tags changed']);
  });

  it('may become one with an equal row, or with one that differs in what is given up', async () => {
    const sql = withState('delete from public.notes where id = 3;');
    expect(await differencesIn({ ...sql, ...saying('    merge: true\n') }, other)).toEqual([
      'public.notes id 3: gone',
    ]);
    expect(
      await differencesIn({ ...sql, ...saying('    merge: [id, said, tags, doc, answers]\n') }, other),
    ).toEqual([]);
  });
});
