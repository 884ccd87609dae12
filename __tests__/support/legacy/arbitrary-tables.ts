/** What the tables of a legacy database look like, as fast-check draws it; the first choice is the shape of today. */
import fc from 'fast-check';
import type {
  ChatRoomsTable,
  MemberTable,
  MessagesTable,
  RoomKey,
  RoomsTable,
  WordType,
} from './legacy-database.js';

/** A column, a key, a constraint that is there more often than not. */
const usually = fc.integer({ min: 0, max: 4 }).map((number) => number < 4);
const seldom = fc.integer({ min: 0, max: 4 }).map((number) => number === 4);

const wordTypes = fc.constantFrom<WordType[]>('text', 'text', 'text', 'character varying(20)', 'enum');

export const roomsTables: fc.Arbitrary<RoomsTable> = fc.record({
  titleColumn: fc.constantFrom('title', 'name', null),
  hasCreator: usually,
  hasKey: usually,
});

export const chatRoomsTables: fc.Arbitrary<ChatRoomsTable> = fc.record({
  typeColumn: fc.constantFrom('checked', 'free', 'free', null),
  typeType: wordTypes,
  titleColumn: fc.constantFrom('title', 'title', 'name'),
  hasCreator: usually,
  hasUpdatedAt: usually,
  hasKey: usually,
  hasRequiredSlug: seldom,
  isFirstRepeated: seldom,
});

const roomKeys = (names: readonly string[]): fc.Arbitrary<RoomKey> =>
  fc.record({
    target: fc.constantFrom('chat_rooms', 'rooms'),
    name: fc.constantFrom(...names),
    onDelete: fc.constantFrom('cascade', 'no action', 'set null', 'restrict'),
    isNotValid: seldom,
    isDeferred: seldom,
  });

const memberTables = (name: string): fc.Arbitrary<MemberTable> =>
  fc.record({
    userColumn: fc.constantFrom('user_id', 'user_id', 'participant_id', 'profile_id'),
    timeColumn: fc.constantFrom('created_at', 'created_at', 'joined_at'),
    key: fc.constantFrom('primary', 'surrogate', 'named', null),
    carries: fc.constantFrom(null, null, 'note', 'note and muted'),
    roomKey: fc.option(roomKeys([`${name}_room_id_fkey`, `fk_${name}`])),
    hasUserKey: seldom,
    hasStatus: usually,
    statusType: wordTypes,
    hasRole: usually,
  });

export const participantsTables = fc.option(memberTables('conversation_participants'));
export const groupMemberTables = fc.option(memberTables('chat_room_members'), { freq: 8 });
export const directMemberTables = fc.option(memberTables('room_members'), { freq: 4 });

export const messagesTables: fc.Arbitrary<MessagesTable | null> = fc.option(
  fc.record({
    id: fc.constantFrom(
      'uuid',
      'uuid without default',
      'bigserial',
      'identity',
      'identity always',
      'bigint',
      'integer',
      'text',
      'missing',
    ),
    key: fc.constantFrom('id', null, 'id and time'),
    senderType: fc.constantFrom('uuid', 'uuid', 'uuid', 'text'),
    senderColumns: fc.constantFrom(
      ['sender'],
      ['sender_id'],
      ['author_id'],
      ['sender', 'sender_id'],
      ['sender_id', 'author_id'],
      ['sender', 'sender_id', 'author_id'],
    ),
    textColumns: fc.constantFrom(['content'], ['message'], ['content', 'message']),
    timeType: fc.constantFrom('timestamptz', 'timestamptz', 'timestamp'),
    hasUpdatedAt: usually,
    hasRequiredKind: seldom,
    roomKeys: fc.uniqueArray(roomKeys(['chat_messages_room_id_fkey', 'messages_room', 'fk_odd_Name']), {
      selector: ({ name }) => name,
      maxLength: 2,
    }),
  }),
  { freq: 12 },
);
