import { describe, expect, it } from '@jest/globals';
import { type Session, withSession } from '../../src/database/with-session.js';
import { withTransaction } from '../../src/database/with-transaction.js';
import { applyBundle } from '../support/apply-bundle.js';
import { loadChatBundle, useChatDatabases } from '../support/chat-bundle.js';

const bundle = await loadChatBundle();
const withChatDatabase = useChatDatabases(bundle);
const [anyState] = bundle.states;

/** `md5('ann')` as a uuid. */
const ann = '7e0d7f8a-5d96-c24f-fcc8-40f31bce72b2';

/** Room ids and senders are text, and the text of a message may be the name of a column. */
const tables = `
create table public.chat_rooms (id text primary key, kind text, name text, created_by uuid);
create table public.chat_messages (
    id bigserial primary key, room_id text references public.chat_rooms (id), sender_id text, message text
);
create table public.pins (room text, note text);
alter table public.pins enable row level security;
grant select on public.pins to authenticated;
insert into public.chat_rooms select md5(name)::uuid::text, 'group', name, md5('ann')::uuid from unnest(array['club', 'choir']) as name;
insert into public.chat_messages (room_id, sender_id, message)
select md5(name)::uuid::text, md5('ann')::uuid::text, words
from unnest(array['club', 'choir']) as name, unnest(array['room_id', '(room_id)::text', 'hello']) as words;
insert into public.pins select id, word from public.chat_rooms, unnest(array['room_id', 'hello']) as word;
`;

/** What each made object says before the fix and after it. */
const kinds = [
  {
    kind: 'a view',
    made: `create view public.told as
      select count(*) as number from public.chat_messages
      where message <> 'room_id' and room_id = md5('club')::uuid::text and sender_id > ''`,
    asked: 'select number from public.told',
    said: '2',
  },
  {
    kind: 'a view whose column has a default',
    made: `create view public.told as select room_id, message from public.chat_messages;
      alter view public.told alter message set default 'hello'`,
    asked: `select concat_ws(', ', pg_get_expr(adbin, adrelid), attname) from pg_attrdef
      join pg_attribute on attrelid = adrelid and attnum = adnum where adrelid = 'public.told'::regclass`,
    said: "'hello'::text, message",
  },
  {
    kind: 'a view whose rule and trigger have a comment',
    made: `create view public.told as select room_id, message from public.chat_messages;
      create rule quiet as on delete to public.told do instead nothing;
      comment on rule quiet on public.told is 'nobody deletes';
      create function public.untold() returns trigger language plpgsql as 'begin return null; end';
      create trigger kept instead of insert on public.told for each row execute function public.untold();
      comment on trigger kept on public.told is 'nobody writes'`,
    asked: `select string_agg(description, ', ' order by description) from pg_description
      where objoid in (select oid from pg_rewrite where ev_class = 'public.told'::regclass
        union select oid from pg_trigger where tgrelid = 'public.told'::regclass)`,
    said: 'nobody deletes, nobody writes',
  },
  {
    kind: 'a view that compares words of an enumeration, and that people write through',
    made: `create type public.kind_of_room as enum ('dm', 'group');
      alter table public.chat_rooms alter kind type public.kind_of_room using kind::public.kind_of_room;
      create view public.told with (security_invoker = true) as
      select name, case kind when 'group' then 'many' else 'two' end as people from public.chat_rooms where kind in ('group', 'dm');
      revoke all on public.told from anon, authenticated`,
    asked: `update public.told set name = name || ' told' where people = 'many';
      select concat_ws(', ', min(name), pg_relation_is_updatable('public.told'::regclass, true)) from public.told`,
    said: 'choir told, 28',
  },
  {
    kind: 'a view over two tables under other names',
    made: `create view public.told as
      with chosen as (select room_id, message as "room_id.text" from public.chat_messages where message <> '(room_id)::text')
      select string_agg(room.name || room_id, ',' order by name) as words
      from chosen join public.chat_rooms as room on room.id = chosen.room_id and chosen."room_id.text" = 'room_id'`,
    asked: `select words = 'choir' || md5('choir')::uuid::text || ',club' || md5('club')::uuid::text from public.told`,
    said: 't',
  },
  {
    kind: 'a materialized view with an index, a comment and a reader of one column',
    made: `create materialized view public.told as
      select room_id, count(*) as number from public.chat_messages where room_id <> 'lobby' group by room_id;
      create unique index told_once on public.told (room_id);
      comment on index public.told_once is 'to refresh it concurrently';
      grant select (number) on public.told to authenticated;
      create materialized view public.untold as select room_id from public.told with no data`,
    asked: `select concat_ws(', ', sum(number), min(pg_catalog.pg_typeof(room_id)::text), pg_catalog.bool_and(
        pg_catalog.has_column_privilege('authenticated', 'public.told', 'number', 'select')),
        pg_catalog.obj_description('public.told_once'::regclass), (select relispopulated from pg_catalog.pg_class where oid = 'public.untold'::regclass))
      from public.told`,
    said: '6, text, t, to refresh it concurrently, f',
  },
  {
    kind: 'a policy of another table',
    made: `create policy told on public.pins using (note <> 'room_id' and exists (
      select from public.chat_messages where room_id = pins.room and message = 'room_id' and room_id <> 'room_id'))`,
    asked: `set local request.jwt.claims = '{"sub":"${ann}"}'; set local role authenticated; select count(*) from public.pins`,
    said: '2',
  },
  {
    kind: 'a policy of another table that hands its row to a function',
    made: `alter table public.pins add thread text references public.chat_rooms (id);
      update public.pins set thread = room;
      create function public.told(room text) returns boolean language sql return length(room) = 36;
      create policy told on public.pins using (note <> 'thread' and public.told(thread) and public.told((select thread)))`,
    asked: `set local request.jwt.claims = '{"sub":"${ann}"}'; set local role authenticated; select count(*) from public.pins`,
    said: '4',
  },
  {
    kind: 'a policy of another table, without a query',
    made: `alter table public.pins add thread text references public.chat_rooms (id);
      create policy told on public.pins using (note <> 'thread' and lower(thread) <> ' thread')`,
    asked: "select pg_get_expr(polqual, polrelid) from pg_policy where polname = 'told'",
    said: "((note <> 'thread'::text) AND (lower((thread)::text) <> ' thread'::text))",
  },
  {
    kind: 'a function whose body Postgres has read',
    made: `create function public.told() returns bigint language sql begin atomic
      select count(*) from public.chat_messages where room_id || message = md5('club')::uuid::text || 'room_id'; end`,
    asked: 'select public.told()',
    said: '1',
  },
  {
    kind: 'a function that returns an expression',
    made: `create function public.told(wanted text) returns bigint language sql
      return (select count(*) from public.chat_messages where room_id = wanted and message <> 'room_id')`,
    asked: "select public.told(md5('club')::uuid::text)",
    said: '2',
  },
  {
    kind: 'how its values are stored and packed',
    made: `alter table public.chat_messages alter message type varchar(500), alter message set storage external;
      alter table public.chat_rooms alter name type varchar(90), alter name set compression pglz`,
    asked: `select string_agg(concat_ws(' ', attname, atttypid::regtype, attstorage, nullif(attcompression, '')), ', ' order by attname) from pg_attribute
      where attrelid in ('public.chat_rooms'::regclass, 'public.chat_messages'::regclass) and attname in ('title', 'content')`,
    said: 'content text e, title text x p',
  },
  {
    kind: 'a check',
    made: `alter table public.chat_messages add constraint told check (message <> room_id and length(room_id) > 7 or message = ' room_id')`,
    asked:
      "select pg_catalog.pg_get_constraintdef(oid) ~ '''[ ]room_id''::text' from pg_catalog.pg_constraint where conname = 'told'",
    said: 't',
  },
  {
    kind: 'an index',
    made: `create index told on public.chat_messages (room_id, lower(room_id), message) where room_id <> 'room_id'`,
    asked: "select pg_catalog.pg_get_indexdef('public.told'::regclass)",
    said: "CREATE INDEX told ON public.chat_messages USING btree (room_id, lower((room_id)::text), content) WHERE ((room_id)::text <> 'room_id'::text)",
  },
  {
    kind: 'an index in the order of texts, but for the order of a text that is none any more',
    made: `create index told on public.chat_messages (room_id text_pattern_ops, message text_pattern_ops);
      create index untold on public.chat_messages (id, room_id collate "C" desc);
      comment on index public.told is 'made by Django'`,
    asked: `select concat_ws(', ', pg_get_indexdef('public.told'::regclass), obj_description('public.told'::regclass), pg_get_indexdef('public.untold'::regclass))`,
    said: 'CREATE INDEX told ON public.chat_messages USING btree (room_id, content text_pattern_ops), made by Django, CREATE INDEX untold ON public.chat_messages USING btree (id, room_id DESC)',
  },
  {
    kind: 'a computed column',
    made: `alter table public.chat_messages add column told text generated always as (room_id || ' room_id') stored`,
    asked: "select count(*) from public.chat_messages where told = room_id || ' room_id'",
    said: '6',
  },
  {
    kind: 'a search, its index and what else names it',
    made: `alter table public.chat_messages add search tsvector generated always as (to_tsvector('simple', room_id || ' ' || message)) stored;
      create index told on public.chat_messages using gin (search);
      comment on index public.told is 'a search';
      alter table public.chat_messages add constraint told check (search is not null)`,
    asked: `select concat_ws(', ', count(*), pg_get_indexdef('public.told'::regclass), obj_description('public.told'::regclass),
        (select pg_get_constraintdef(oid) from pg_constraint where conname = 'told'))
      from public.chat_messages where search @@ 'hello'::tsquery`,
    said: '2, CREATE INDEX told ON public.chat_messages USING gin (search), a search, CHECK ((search IS NOT NULL))',
  },
  {
    kind: 'a trigger',
    made: `create function public.told() returns trigger language plpgsql as 'begin return null; end';
      create trigger told before insert on public.chat_messages for each row
      when (new.room_id <> 'new.room_id' and new.message = 'room_id') execute function public.told('new.room_id')`,
    asked: "select pg_catalog.pg_get_triggerdef(oid) from pg_catalog.pg_trigger where tgname = 'told'",
    said: "CREATE TRIGGER told BEFORE INSERT ON public.chat_messages FOR EACH ROW WHEN ((((new.room_id)::text <> 'new.room_id'::text) AND (new.content = 'room_id'::text))) EXECUTE FUNCTION public.told('new.room_id')",
  },
] as const;

describe('a column that changes its type', () => {
  it.each(kinds)('leaves to $kind what it says', async ({ made, asked, said }) => {
    const answer = await withTables(made, async (deployer, superuser) => {
      await withTransaction(deployer, () => applyBundle(deployer, bundle));
      return ask(superuser, asked);
    });
    expect(answer).toBe(said);
  });

  it.each([
    [
      'a rule',
      `create rule told as on delete to public.pins where exists (
         select from public.chat_messages where room_id = old.room) do instead nothing`,
    ],
    [
      'a function of several statements',
      `create function public.told(wanted text) returns void language sql begin atomic
         insert into public.pins select room_id from public.chat_messages where room_id = wanted;
         select; end`,
    ],
    [
      'a view that shows all of a room and groups by its id',
      `create view public.told as select room.id, room.name, count(*) from public.chat_rooms as room
         join public.chat_messages as sent on sent.room_id = room.id where room.id <> 'lobby' group by room.id`,
    ],
    [
      'a view that hands on whole rows',
      `create function public.told(public.chat_messages) returns text language sql as 'select $1::text';
       create view public.untold as select public.told(chat_messages) from public.chat_messages where room_id > 'a'`,
    ],
  ])('is refused for %s that it does not suit', async (_kind, made) => {
    const refused = await withTables(made, (deployer) =>
      withTransaction(deployer, () => applyBundle(deployer, bundle)).then(
        () => 'applied',
        (error: Error) => error.message,
      ),
    );
    expect(refused).toMatch(/and this cannot be created again: .*told/is);
  });

  const enumeration = `create type public.kind_of_room as enum ('dm', 'group');
    alter table public.chat_rooms alter kind type public.kind_of_room using kind::public.kind_of_room;
    create table public.archive (id uuid, was public.kind_of_room, name text);
    create function public.told() returns trigger language plpgsql security definer set search_path = '' as $$ begin
      insert into public.archive (id, was) values (old.id::uuid, old.kindCAST);
      return old;
    end $$;
    create trigger told after delete on public.chat_rooms for each row execute function public.told()`;
  it.each([
    [
      'and asks about a function that puts it where the enumeration stays',
      '',
      /^.*public\.told\(\) writes public\.archive\.was, which stays/s,
    ],
    ['and not where it is cast', '::public.kind_of_room', /^(?!.*public\.archive\.was).*$/s],
  ])('is a word of an enumeration, %s', async (_, cast, said) => {
    const applied = await withTables(enumeration.replace('CAST', cast), (deployer) =>
      withTransaction(deployer, () => applyBundle(deployer, bundle)).then(
        () => 'applied',
        (error: Error) => error.message,
      ),
    );
    expect(applied).toMatch(said);
  });

  it('is refused where memberships that move would bring along a value of another type', async () => {
    const made = `create table public.chat_room_members (room_id text, user_id uuid, note integer);
      create table public.room_members (room_id text, user_id uuid, note text);
      insert into public.room_members select id, '${ann}', 'brings the cake' from public.chat_rooms`;
    const applied = withTables(made, (deployer) =>
      withTransaction(deployer, () => applyBundle(deployer, bundle)),
    );
    await expect(applied).rejects.toThrow(
      'public.room_members.note is text, and public.chat_room_members.note is integer',
    );
  });
});

function withTables<T>(
  made: string,
  work: (deployer: Session, superuser: Session) => Promise<T>,
): Promise<T> {
  if (anyState === undefined) throw new Error('There is no state.');
  const files = [{ path: 'tables.sql', text: `${tables};${made}` }];
  return withChatDatabase({ ...anyState, files }, (deployer, connection) =>
    withSession(connection, (superuser) => work(deployer, superuser)),
  );
}

async function ask(session: Session, question: string): Promise<string> {
  await session.query('begin');
  const results = [await session.query({ text: question, rowMode: 'array' })].flat();
  await session.query('rollback');
  const value = results.at(-1)?.rows[0]?.[0];
  return value === true ? 't' : String(value);
}
