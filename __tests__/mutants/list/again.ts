/** Mutants that do something at the second run, or do something where they have to refuse. */
import type { Mutant } from '../mutant.js';

export const againMutants: readonly Mutant[] = [
  {
    name: 'participants are imported again by every run',
    from: "insert into chat_quarantine.imported (source_table) values ('public.conversation_participants') on conflict do nothing;",
    to: '',
    states: [41, 3],
  },
  {
    name: 'groups are renamed again by every run',
    from: ' + 1 as place\n    from (select distinct shared_name, copies from named where copies > 1) as shared\n    left join taken_numbers using (shared_name)\n    cross join lateral generate_series(2, shared.copies',
    to: ' as place\n    from (select distinct shared_name, copies from named) as shared\n    left join taken_numbers using (shared_name)\n    cross join lateral generate_series(2, 1 + shared.copies',
    states: [5],
  },
  {
    name: 'the second run updates rows that need nothing',
    from: '-- Counts the rows.',
    to: 'update public.chat_messages set content = content;\n\n-- Counts the rows.',
    states: [2],
  },
  {
    name: 'messages are not published to realtime',
    from: 'alter publication supabase_realtime add table public.chat_messages;',
    to: 'null;',
    states: [2],
  },
  {
    name: 'messages are published a second time',
    from: "where pubname = 'supabase_realtime' and schemaname = 'public' and tablename = 'chat_messages'",
    to: 'where false',
    states: [33],
  },
  {
    name: 'a refusal does not say why',
    from: "errcode = 'insufficient_privilege',\n                    hint = 'Run the fix as the owner",
    to: "errcode = 'raise_exception',\n                    hint = 'Run the fix as the owner",
    states: [28],
  },
];
