/** Mutants that lose rows, or put them where they do not belong. */
import type { Mutant } from '../mutant.js';

export const rowMutants: readonly Mutant[] = [
  {
    name: 'what another column of an older room says is not heard',
    from: "when ''true'' then ''group'' when ''false'' then ''dm'' end', flag",
    to: "when ''true'' then null::text end', flag",
    states: [140],
  },
  {
    name: 'rooms leave behind what they carry',
    from: 'continue when not is_filled;',
    to: 'continue;',
    states: [125],
  },
  {
    name: 'the words for roles and statuses are forgotten',
    from: 'if says_more is not null then',
    to: 'if false then',
    states: [125],
  },
  {
    name: 'rooms of the first generation are not moved',
    from: 'where not exists',
    to: 'where false and not exists',
    states: [2],
  },
  {
    name: 'rooms move under new ids',
    from: 'legacy.id,',
    to: 'gen_random_uuid() as id,',
    states: [2],
  },
  {
    name: 'rooms move without their creators',
    from: 'legacy.created_by end',
    to: 'null::uuid end',
    states: [63],
  },
  {
    name: 'stray rows are deleted instead of moved to quarantine',
    from: "' select %L, %L, to_jsonb(moved) - %L::text[] from moved'",
    to: "' select %L, %L, to_jsonb(moved) - %L::text[] from moved where false'",
    states: [6],
  },
  {
    name: 'quarantined rows lose all but their ids',
    from: "' select %L, %L, to_jsonb(moved) - %L::text[] from moved'",
    to: "' select %L, %L, jsonb_build_object(''id'', to_jsonb(moved) -> ''id'') - %L::text[] from moved'",
    states: [6],
  },
  {
    name: 'what hangs on a stray row goes down with it',
    from: 'and key.confrelid = target\n        group by',
    to: "and key.confrelid = target\n            and key.confdeltype <> 'c'\n        group by",
    states: [63],
  },
  {
    name: 'an older sender column overwrites the newer',
    from: "'btrim(coalesce(%1$I::text, '''')) in ('''', ''00000000-0000-0000-0000-000000000000'')'",
    to: "'true'",
    states: [13],
  },
  {
    name: 'the older sender column is not read',
    from: 'sender,sender_id,author_id,user_id',
    to: 'sender,user_id',
    states: [8],
  },
  {
    name: 'ids written in braces or capitals are not recognised',
    from: "'^(([0-9a-f]{4}-?){7}[0-9a-f]{4}|\\{([0-9a-f]{4}-?){7}[0-9a-f]{4}\\})$'",
    to: "'^([0-9a-f]{4}-?){7}[0-9a-f]{4}$'",
    states: [17, 61],
  },
  {
    name: 'messages of an unknown room are thrown into the first room there is',
    from: 'when foreign_key_violation then\n            perform',
    to: "when foreign_key_violation then\n            execute format(\n                'update %s as stray set room_id = (select id from public.chat_rooms order by id limit 1)'\n                    ' where not exists (select from public.chat_rooms as room where room.id = stray.room_id)',\n                target\n            );\n            perform",
    states: [63],
  },
  {
    name: 'a repeated id keeps only its first message',
    from: 'set id = default\n                where message.id is null',
    to: "set id = default, content = ''''\n                where message.id is null",
    states: [7],
  },
  {
    name: 'the message that others point at gets the new id',
    from: "'(' || pointed_at || ') desc,'",
    to: "'(' || pointed_at || ') asc,'",
    states: [57],
  },
  {
    name: 'participants of the first generation are not let in',
    from: "schema_fix.add_members('table schema_fix.participants_to_move')",
    to: '0',
    states: [41, 3],
  },
  {
    name: 'members in the table of the other type of room are dropped',
    from: 'where stray.source',
    to: 'where false and stray.source',
    states: [38],
  },
  {
    name: 'the trigger of others is left disabled',
    from: '    if resume is not null then\n        execute resume;\n    end if;',
    to: '',
    states: [31],
  },
  {
    name: 'the triggers of others are put back as plainly enabled',
    from: 'schema_fix.firing_clause(tgenabled)',
    to: "'enable'",
    states: [31, 32],
  },
  {
    name: 'messages of nobody go to quarantine',
    from: "if not schema_fix.is_required('public.chat_messages', 'content') then",
    to: "perform schema_fix.quarantine('public.chat_messages', 'stray.sender is null', 'nobody sent it');\n    if not schema_fix.is_required('public.chat_messages', 'content') then",
    states: [100],
  },
  {
    name: 'a materialized view comes back empty',
    from: 'and view.relispopulated',
    to: 'and not view.relispopulated',
    states: [100],
  },
  {
    name: 'an empty status is heard where another table decides',
    from: "= '''' and exists",
    to: "= '''' and false and exists",
    states: [100],
  },
  {
    name: 'a zone that nobody knows stops the fix',
    from: 'when data_exception then',
    to: 'when invalid_datetime_format or datetime_field_overflow then',
    states: [100],
  },
];
