/** By state: what the chat fix has to touch outside of it, because left alone it would mean something else or nothing at all. */
export const unavoidable: Readonly<Record<string, readonly string[]>> = {
  // A function that returns something else than ours is set aside under another name, and the default still calls it.
  '26_functions_others_depend_on': ['column public.photos.thread'],
  // The policy compares its table's room ids, which are text, with those of the members, which are not any more.
  '48_views_over_text_room_ids': ['policy notes_of_my_rooms on public.room_notes'],
  // The one name that must be ours; whoever bore it bears another now.
  '60_unique_name_on_another_table': ['index public.idx_chat_rooms_unique_group_legacy'],
  // They went to quarantine with the message that they belong to.
  '63_rows_that_tell_one_rule_from_another': ['rows of public.message_reactions'],
  // A time without a zone was written in UTC, and is one with a zone now; a word that the rules forbid is no default.
  '64_another_vocabulary': [
    // They show an enum that is text now.
    'column public."Active Rooms".type',
    'column public."Let in".role',
    'default of column 2 of chat_rooms',
    'default of column 4 of chat_room_members',
    'default of column 5 of chat_room_members',
    'default of column 6 of chat_rooms',
  ],
  '70_names_are_taken': ['default of column 3 of chat_room_members'],
  // They hang on messages that went to quarantine, and went along or forgot them, as their own keys say.
  '65_others_hang_on_orphans': [
    'rows of public.attachments',
    'rows of public.message_reactions',
    'rows of public.read_receipts',
    'rows of public.thumbnails',
  ],
  // What is left of the first generation keeps its ids as text, and the rooms have uuids now: no key can hold between them.
  '73_participants_keyed_to_text_ids': [
    'constraint conversation_participants_room_id_fkey on public.conversation_participants',
  ],
  // One went to quarantine with the message that it belongs to.
  '74_published_without_a_key': ['rows of public.reactions'],
  // They point at messages whose ids are uuids now; a role that nobody knows is no default.
  '75_columns_spelled_otherwise': [
    'column public.chat_reactions.message_id',
    'rows of public.chat_reactions',
    'default of column 3 of chat_room_members',
    'default of column 4 of chat_room_members',
  ],
  '76_the_older_column_knows_better': [
    'column public.room_settings.room_id',
    'rows of public.room_settings',
    'default of column 1 of chat_rooms',
    'default of column 2 of chat_messages',
    'default of column 2 of chat_rooms',
    'default of column 3 of chat_room_members',
    'default of column 4 of chat_room_members',
    'default of column 7 of chat_rooms',
  ],
  // It recursed, and every query with it.
  '111_recursive_participants': ['policy people on public.conversation_participants'],
  '77_memberships_without_a_status': ['default of column 4 of chat_room_members'],
  // They point at messages that have another number now, and times are no numbers any more.
  '78_numbered_room_by_room': [
    'rows of public.chat_reactions',
    'default of column 3 of room_members',
    'default of column 5 of chat_rooms',
    'default of column 6 of chat_messages',
    'foreign key reply_in_the_room of chat_messages to public.chat_messages',
  ],
  // They compared room ids as text; the publication chooses its rows by one that is a uuid now.
  '82_everything_reads_text_room_ids': [
    'function public.last_words(room text)',
    'policy of_rooms_with_messages on public.attachments',
    'policy who_wrote_to_me on public.profiles',
    'trigger stay_in_your_room on public.chat_messages',
    'publication warehouse',
  ],
  // The table needs the name of the view that they read; they follow the view.
  '83_chat_rooms_view_is_read': [
    'column public.chat_rooms_legacy_view.created_at',
    'column public.chat_rooms_legacy_view.created_by',
    'column public.chat_rooms_legacy_view.id',
    'column public.chat_rooms_legacy_view.title',
    'column public.chat_rooms_legacy_view.type',
    'column public.chat_rooms_legacy_view.updated_at',
    'function public.count_rooms()',
    'function public.list_rooms()',
    'policy "creators are seen" on public.profiles',
  ],
  // The application's roles could not look into it.
  '84_privileges_passed_on': ['schema public'],
  // It drew from a sequence that the deployer may neither read nor set forward.
  '85_sequence_owned_by_another_role': ['default of column 1 of chat_messages'],
  // Messages that are logged referred to rooms that were not.
  '88_unlogged_and_typed': ['index public.rooms_pkey'],
  // They forgot messages that went to quarantine, as their own keys say; nobody heard of it.
  '89_others_listen_to_what_hangs': ['rows of public.ledger', 'rows of public.notifications'],
  // They compare a room id with the empty text, and it is no text any more.
  '90_rules_about_text_room_ids': [
    'policy pins_of_my_rooms on public.pins',
    'trigger only_in_rooms on public.chat_messages',
    'default of column 2 of chat_messages',
  ],
  // No policy binds an owner: the table was taken over from `authenticated`, and its index belongs to whom the table does.
  '92_tables_owned_by_the_api': ['index public.rooms_pkey'],
  // It was a number of milliseconds.
  '167_the_highest_number_was_chosen': ['default of column 5 of chat_messages'],
};
