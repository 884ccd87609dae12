/** The people of the chat's scenarios exist whatever a table asks of its rows, and no column of theirs is mistaken for another. */
import { describe, expect, it } from '@jest/globals';
import { readState } from '../../src/bundle/read-state.js';
import { failureText } from '../../src/report/failure-text.js';
import { subjectFailures } from '../../src/report/subject-cases.js';
import { rehearseState } from '../../src/stages/rehearse-state.js';
import { loadChatBundle } from '../support/chat-bundle.js';
import { limits } from '../support/limits.js';
import { usePlatformDatabases } from '../support/server.js';

const bundle = await loadChatBundle();
const made = usePlatformDatabases(bundle.platforms);

const rooms =
  'create table public.chat_rooms (id uuid primary key default gen_random_uuid(), type text, title text, created_by uuid);';
const messages =
  'create table public.chat_messages (id uuid primary key default gen_random_uuid(), room_id uuid references public.chat_rooms (id), sender uuid, content text);';
/** The senders are rows of this table. */
const profiles = (columns: string, more = '') => `
${rooms}
${messages}
create table public.profiles (${columns});
alter table public.chat_messages add foreign key (sender) references public.profiles (id);
${more}`;
const key = 'id uuid primary key references auth.users (id)';
const raising = (when: string, table: string) => `
create function public.refuse() returns trigger language plpgsql as $$ begin raise exception 'not like this'; end $$;
create trigger refuse ${when} on ${table} for each row execute function public.refuse();`;

const databases: readonly (readonly [string, string])[] = [
  [
    'values of every kind',
    `create type public.kind as enum ('admin', 'user');
     create domain public.email as text check (value like '%@%');
     create table public.organisations (id uuid primary key);
     create table public.places (a int, b int, primary key (a, b));
     ${profiles(`${key}, kind public.kind not null, number int not null unique, country varchar(2) not null,
       email text not null check (email like '%@%'), address public.email not null, born date, check (born is not null),
       place point not null, during tstzrange not null, mac macaddr not null,
       organisation uuid not null references public.organisations (id),
       a int not null, b int not null, foreign key (a, b) references public.places (a, b),
       nr bigint generated always as identity, twice text generated always as (id::text) stored`)}`,
  ],
  ['a second key', profiles('id uuid unique, tenant text not null, primary key (tenant, id)')],
  ['what its trigger asks', profiles(key, raising('before insert', 'public.profiles'))],
  [
    'what its trigger swallows',
    profiles(
      key,
      `create function public.swallow() returns trigger language plpgsql as 'begin return null; end';
       create trigger swallow before insert on public.profiles for each row execute function public.swallow();`,
    ),
  ],
  [
    'what its policies ask',
    profiles(key, 'alter table public.profiles enable row level security, force row level security;'),
  ],
  [
    'what a trigger of the accounts asks',
    profiles(key, `reset role; ${raising('after insert', 'auth.users')}`),
  ],
  [
    'what somebody else decides',
    `${rooms}${messages} reset role; create schema crm; create table crm.people (id uuid primary key, name text not null check (name like 'M%'));
     create role crm_owner; comment on role crm_owner is 'created by schema-fix-action';
     grant usage on schema crm to supabase_owner; grant references on crm.people to supabase_owner; alter table crm.people owner to crm_owner;
     set role supabase_owner; alter table public.chat_messages add foreign key (sender) references crm.people (id);`,
  ],
];

/** What a query about rooms and members of ours might take for its own. */
const nameless = ['name', 'actor', 'creator'];

describe('the people of the scenarios', () => {
  it.each(databases)('exist where their table asks for %s', async (_what, sql) => {
    expect(await scenariosOn(sql)).toEqual([]);
  });

  it('are told apart where rooms and members have columns of such names', async () => {
    const members =
      'create table public.chat_room_members (room_id uuid references public.chat_rooms (id), user_id uuid, role text, status text, primary key (room_id, user_id));';
    const others = ['chat_rooms', 'chat_room_members'].flatMap((table) =>
      nameless.map((column) => `alter table public.${table} add column ${column} text default '';`),
    );
    const kept = `create function public.uses_them() returns bigint language sql stable as 'select pg_catalog.count((r.name, r.actor, r.creator)) from public.chat_rooms as r';`;
    expect(await scenariosOn([rooms, messages, members, ...others, kept].join('\n'))).toEqual([]);
  });
});

async function scenariosOn(sql: string): Promise<string[]> {
  const file = { path: 'states/01_drawn.sql', text: `--! Title: Drawn\n${sql}` };
  const state = readState({ number: 1, name: '01_drawn', file }, null, []);
  const result = await rehearseState(made(), bundle, state, {
    sections: bundle.sections,
    isStrict: false,
    isTrusted: true,
    ...limits,
    progress: () => undefined,
  });
  return subjectFailures(result, true).map((failure) => `${failure.title}: ${failureText(failure)}`);
}
