/** Triggers that refuse, rewrite, swallow, tell or add; and views that read the tables. */
import type { LegacyDatabase } from './legacy-database.js';
import type { Surrounding } from './surroundings.js';
import { hasTable } from './tables.js';

const hasMessages = ({ messagesTable }: LegacyDatabase) => messagesTable !== null;

export const surroundingTriggers: readonly Surrounding[] = [
  {
    name: 'messages that refuse updates and deletes',
    fits: hasMessages,
    sql: () => `create function public.refuse() returns trigger
language plpgsql as $$ begin raise exception 'messages are for ever'; end $$;
create trigger refuse before update or delete on public.chat_messages for each row execute function public.refuse();
create trigger refuse_always before delete on public.chat_messages for each row execute function public.refuse();
alter table public.chat_messages enable always trigger refuse_always;`,
  },
  {
    name: 'messages that an update shouts, and a delete that is swallowed',
    fits: hasMessages,
    sql: ({ messagesTable }) => `create function public.shout() returns trigger
language plpgsql as $$ begin new.${messagesTable?.textColumns[0]} := 'SHOUTED'; new.created_at := now(); return new; end $$;
create function public.swallow() returns trigger language plpgsql as $$ begin return null; end $$;
create trigger shout before update on public.chat_messages for each row execute function public.shout();
create trigger swallow before delete on public.chat_messages for each row execute function public.swallow();
alter table public.chat_messages disable trigger swallow;`,
  },
  {
    name: 'messages that tell whoever listens',
    fits: hasMessages,
    sql: () => `create table public.change_log (id bigserial primary key, operation text not null);
create function public.tell() returns trigger
language plpgsql security definer as $$
begin
    insert into public.change_log (operation) values (tg_op);
    perform pg_notify('chat', tg_op);
    return null;
end
$$;
create trigger tell after insert or update or delete on public.chat_messages
    for each row execute function public.tell();`,
  },
  {
    name: 'groups that let their creator in by a trigger',
    fits: (database) =>
      hasTable(database, 'chat_rooms') &&
      database.chatRoomsTable.hasCreator &&
      database.groupMembers?.hasRole === true &&
      database.ids === 'uuid',
    sql: ({ groupMembers }) => `create function public.let_creator_in() returns trigger
language plpgsql security definer as $$
begin
    if new.created_by is not null then
        insert into public.chat_room_members (room_id, ${groupMembers?.userColumn}${groupMembers?.hasRole ? ', role' : ''})
        values (new.id, new.created_by${groupMembers?.hasRole ? ", 'admin'" : ''});
    end if;
    return null;
end
$$;
create trigger let_creator_in after insert on public.chat_rooms for each row execute function public.let_creator_in();`,
  },
  {
    name: 'a view over messages and one over that',
    fits: hasMessages,
    sql: () => `create view public.recent_messages as
    select room_id, created_at from public.chat_messages where created_at > '2025-01-01 00:00:00';
create view public.busy_rooms as select room_id, count(*) as messages from public.recent_messages group by room_id;`,
  },
  {
    name: 'messages that a rule keeps from being deleted',
    fits: hasMessages,
    sql: () => 'create rule keep_messages as on delete to public.chat_messages do instead nothing;',
  },
  {
    name: 'a column computed from the text',
    fits: hasMessages,
    sql: ({ messagesTable }) =>
      `alter table public.chat_messages add column shouted text generated always as (upper(${messagesTable?.textColumns[0]})) stored;`,
  },
  {
    name: 'a view over group memberships',
    fits: ({ groupMembers }) => groupMembers !== null,
    sql: ({ groupMembers }) =>
      `create view public.who_is_where as select room_id, ${groupMembers?.userColumn} as person from public.chat_room_members;`,
  },
];
