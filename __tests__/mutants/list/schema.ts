/** Mutants whose keys, indexes and columns look right and are not. */
import type { Mutant } from '../mutant.js';

export const schemaMutants: readonly Mutant[] = [
  {
    name: 'the index of a computed column is gone',
    from: 'dependent.pieces || dependent.indexes || hung',
    to: 'dependent.pieces || hung',
    states: [79],
  },
  {
    name: "the foreign key does not take a room's rows along",
    from: 'references public.chat_rooms (id) on delete cascade',
    to: 'references public.chat_rooms (id)',
    states: [2],
  },
  {
    name: 'an existing foreign key without cascade is kept',
    from: "        and key.confdeltype = 'c'\n",
    to: '',
    states: [50, 22, 21],
  },
  {
    name: 'a foreign key to another table is kept',
    from: '            and conname is distinct from kept',
    to: '            and false',
    states: [2, 21],
  },
  {
    name: 'a foreign key that looked at no row is kept so',
    from: 'conname = key_name and convalidated\n',
    to: 'conname = key_name\n',
    states: [63],
  },
  {
    name: 'a deferrable primary key is kept',
    from: '            and not condeferrable\n    ) then\n        return;',
    to: '    ) then\n        return;',
    states: [50],
  },
  {
    name: 'the unique index is not unique',
    from: '        create unique index idx_chat_rooms_unique_group',
    to: '        create index idx_chat_rooms_unique_group',
    states: [2],
  },
  {
    name: 'the unique index has no predicate',
    from: "md5(lower(btrim(title))))\n            where type = 'group';",
    to: 'md5(lower(btrim(title))));',
    states: [2],
  },
  {
    name: 'the unique index forgets the creator',
    from: 'on public.chat_rooms (created_by, md5(',
    to: 'on public.chat_rooms (md5(',
    states: [2],
  },
  {
    name: 'an invalid unique index passes for a valid one',
    from: '            and not indisvalid\n    loop',
    to: '            and false\n    loop',
    states: [24, 62],
  },
  {
    name: 'a column that the application does not fill stays required',
    from: "execute format('alter table %s alter column %I drop not null', forbidding.target, forbidding.column_name);",
    to: 'null;',
    states: [14],
  },
  {
    name: 'a message has no id of its own',
    from: 'alter table public.chat_messages alter column id set default gen_random_uuid();',
    to: 'null;',
    states: [22, 7, 50, 8, 47],
  },
  {
    name: 'no index for the messages of a room',
    from: "'(room_id, created_at DESC)', array['(room_id, created_at)'",
    to: "'(content)', array['(room_id, created_at)'",
    states: [3],
  },
  {
    name: 'a publication that lists a column of another type stops the fix',
    from: 'and (chosen.rows is not null or chosen.columns is not null)',
    to: 'and chosen.rows is not null',
    states: [82],
  },
];
