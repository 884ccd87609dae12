/** The name of an object, as the engine's catalog has it → whether the chat fix may make, change or drop it. */

export const ownTables = ['chat_rooms', 'chat_room_members', 'room_members', 'chat_messages'] as const;
const tables = `(${ownTables.join('|')})`;
const firstGeneration = '(rooms|conversation_participants)';
const routines =
  '(user_is_(room_member|group_member|in_room|group_admin)|chat_room_is_unused|create_group_room|ensure_direct_conversation|open_or_create_dm|chat_user_id|chat_follow_column|guard_chat_room_member|appoint_chat_creator|refuse_message_of_nobody)';

/** Short on purpose: whatever is not here belongs to somebody else. Triggers of its tables do, for instance. */
const allowed: readonly RegExp[] = [
  // Its four tables; chat_rooms may have been a view.
  new RegExp(`^(table|rows of) public\\.${tables}$`),
  new RegExp(`^column public\\.${tables}\\.`),
  new RegExp(`^(constraint|policy) .* on public\\.${tables}$`),
  new RegExp(`^sequence public\\.${tables}_\\w*_seq\\d*$`),
  /^trigger chat_room_members_(creator|guard) on public\.chat_room_members$/,
  /^trigger chat_messages_need_a_sender on public\.chat_messages$/,
  new RegExp(`^trigger "(00_|~)former_\\w+" on public\\.${tables}$`),
  // What it says about them goes with them; comments on columns are kept (kept.sql).
  new RegExp(`^comment on (table constraint|policy|table column) .*public\\.${tables}\\b`),
  /^comment on trigger (chat_room_members_(creator|guard) on public\.chat_room_members|chat_messages_need_a_sender on public\.chat_messages)$/,
  new RegExp(`^comment on function public\\.${routines}\\(`),
  /^comment on (schema|view|table) (chat_access|chat_quarantine)\b/,
  // Its functions, and what had to make way for them.
  new RegExp(`^function public\\.${routines}(_set_aside(_again)*)?\\(`),
  /^(comment on )?function chat_access\.refuse_temporary_objects\(/,
  // What policies read.
  /^schema chat_access$/,
  /^column chat_access\.my_(rooms|new_groups)\./,
  // Groups whose creator has added others before themselves.
  /^(table|column|constraint begun_rooms_pkey on|index|rows of) chat_access\.begun_rooms(_pkey)?\b/,
  // Rows that fit nowhere.
  /^(schema|table|column|constraint .* on|index|sequence|rows of) chat_quarantine\b/,
  // A view's text and a publication's columns follow those of its tables; the rest of both is kept (kept.sql).
  /^(view|materialized view|publication) /,
  // The tables of the first generation keep their rows and answer the people of the room, nobody else (section 11).
  new RegExp(`^table public\\.${firstGeneration}$`),
  new RegExp(`^column public\\.${firstGeneration}\\.`),
  new RegExp(`^policy chat_schema_fix_\\w+ on public\\.${firstGeneration}$`),
];

export function isOfTheFix(object: string): boolean {
  return allowed.some((pattern) => pattern.test(object));
}
