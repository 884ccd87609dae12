/** Mutants that let the wrong people in while they clean up, or merge what has to stay apart. */
import type { Mutant } from '../mutant.js';

export const groupMutants: readonly Mutant[] = [
  {
    name: 'the clean-up approves everybody who waits',
    from: 'else schema_fix.known_status(member.status)',
    to: "else ''approved''",
    states: [37],
  },
  {
    name: 'an unknown status counts as approved',
    from: "else 'pending'\n    end",
    to: "else 'approved'\n    end",
    states: [37],
  },
  {
    name: 'a banned member only waits',
    from: '{blocked,banned,kicked',
    to: '{blocked,kicked',
    states: [37],
  },
  {
    name: 'who is blocked by another column than a status is let in',
    from: "'{is_blocked,blocked,",
    to: "'{",
    states: [77],
  },
  {
    name: 'who was never let in, says another column than a status, is let in',
    from: "'{is_approved,",
    to: "'{",
    states: [77],
  },
  {
    name: 'whoever waits among the people of a direct conversation is one of them',
    from: '{pending,invited',
    to: '{invited',
    states: [77],
  },
  {
    name: 'an unknown role counts as admin',
    from: "then ''admin''\n                        else ''member''",
    to: "then ''admin''\n                        else ''admin''",
    states: [63],
  },
  {
    name: 'an admin without a status is an admin',
    from: "''admin'' and not (%1$s)",
    to: "''admin''",
    states: [100],
  },
  {
    name: 'of contradicting memberships the approved one stands',
    from: "array[''blocked'', ''approved'', ''pending''], schema_fix.known_status(member.status)",
    to: "array[''approved'', ''blocked'', ''pending''], schema_fix.known_status(member.status)",
    states: [63],
  },
  {
    name: 'who waits or is blocked is let into a direct conversation',
    from: "person.status = ''approved'' and not exists",
    to: 'true or false and not exists',
    states: [63],
  },
  {
    name: 'pending and blocked members of a direct conversation are moved to its people',
    from: "'stray.status = ''approved'''",
    to: "'true'",
    states: [38],
  },
  {
    name: 'a creator who is blocked becomes admin again',
    from: "set role = ''admin''\n                from public.chat_rooms as room\n                where member.status = ''approved''\n                    and",
    to: "set role = ''admin'', status = ''approved''\n                from public.chat_rooms as room\n                where",
    states: [63],
  },
  {
    name: 'groups of one name are merged instead of renamed',
    from: '    if exists (select from schema_fix.renamed_groups) then\n',
    to: "    if exists (select from schema_fix.renamed_groups) then\n        update public.chat_room_members as member\n        set room_id = kept.id\n        from public.chat_rooms as later, public.chat_rooms as kept\n        where member.room_id = later.id and later.type = 'group' and kept.type = 'group' and kept.created_by = later.created_by\n            and lower(btrim(kept.title)) = lower(btrim(later.title))\n            and kept.created_at < later.created_at\n            and not exists (\n                select from public.chat_room_members as there\n                where there.room_id = kept.id and there.user_id = member.user_id\n            );\n",
    states: [5],
  },
  {
    name: 'later groups of a name are deleted',
    from: 'update public.chat_rooms as room set title = other.title from',
    to: 'delete from public.chat_rooms as room using',
    states: [5],
  },
  {
    name: 'names that differ by case are taken for different',
    from: "concat(room.created_by, ' ', lower(room.name))",
    to: "concat(room.created_by, ' ', room.name)",
    states: [35],
  },
  {
    name: 'groups without a name are left as they are',
    from: 'or not exists (select',
    to: 'or exists (select',
    states: [35],
  },
  {
    name: 'what another column says beside the status is not heard',
    from: 'set status = %1$s',
    to: 'set status = status',
    states: [100],
  },
  {
    name: 'a member who wrote their name into created_by becomes admin',
    from: 'elsif (select creators from schema_fix.what_counts)',
    to: 'elsif true',
    states: [154],
  },
  {
    name: 'a creator whom an admin demoted is an admin again',
    from: 'if (select by_role from schema_fix.admins_asked)',
    to: 'if false',
    states: [142],
  },
];
