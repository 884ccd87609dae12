/** Mutants that go wrong only when two do something at once. */
import type { Mutant } from '../mutant.js';

export const raceMutants: readonly Mutant[] = [
  {
    name: 'two who open their conversation do not wait for each other',
    from: "least(me, partner), ' ', greatest(me, partner)",
    to: "me, ' ', partner",
    race: 'both open their conversation',
  },
  {
    name: 'who makes a group that another call has just made is told so by the index',
    from: "if violated is distinct from 'idx_chat_rooms_unique_group' then",
    to: 'if true then',
    race: 'a group is created beside the function',
  },
  {
    name: 'who asks again undoes that he was let in',
    from: "using (user_id = (select auth.uid()) and status = 'pending' or public.user_is_group_admin(room_id))",
    to: 'using (user_id = (select auth.uid()) or public.user_is_group_admin(room_id))',
    race: 'one asks again while he is let in',
  },
  {
    name: 'an admin who is blocked at the same moment wins',
    from: '        for share;',
    to: '        ;',
    race: 'an admin who is blocked lets a friend in',
  },
];
