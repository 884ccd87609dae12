/** A legacy chat database as a plain value: what its tables look like, what is in them, and what surrounds them. */
import type { Person } from './people.js';

export interface LegacyDatabase {
  readonly platform: 'supabase' | 'supabase_explicit_grants';
  readonly deployer: 'supabase_owner' | 'supabase_owner_no_bypass';
  readonly layout: Layout;
  readonly ids: RoomIds;
  readonly roomsTable: RoomsTable;
  readonly chatRoomsTable: ChatRoomsTable;
  readonly participants: MemberTable | null;
  readonly groupMembers: MemberTable | null;
  readonly directMembers: MemberTable | null;
  readonly messagesTable: MessagesTable | null;
  readonly rooms: readonly LegacyRoom[];
  readonly memberships: readonly LegacyMembership[];
  readonly messages: readonly LegacyMessage[];
  /** Names of entries of the catalogue of surroundings, in its order. */
  readonly surroundings: readonly string[];
}

/** Where rooms are kept: in one table, in two, or in one with a view of the other's name over it. */
export type Layout = 'chat_rooms' | 'rooms' | 'both' | 'chat_rooms is a view' | 'rooms is a view';

/** `text`: uuids written as text; `slugs`: names; `mixed`: rooms have uuids, others write them as text, in capitals. */
export type RoomIds = 'uuid' | 'text' | 'slugs' | 'mixed';

export interface RoomsTable {
  readonly titleColumn: 'title' | 'name' | null;
  readonly hasCreator: boolean;
  readonly hasKey: boolean;
}

export interface ChatRoomsTable {
  readonly typeColumn: 'checked' | 'free' | null;
  /** Of a column that is free. */
  readonly typeType: WordType;
  readonly titleColumn: 'title' | 'name';
  readonly hasCreator: boolean;
  readonly hasUpdatedAt: boolean;
  readonly hasKey: boolean;
  /** A column that may not be empty and has no default, which the application does not know. */
  readonly hasRequiredSlug: boolean;
  /** Without a key: the first room is there twice, word for word. */
  readonly isFirstRepeated: boolean;
}

export interface MemberTable {
  readonly userColumn: 'user_id' | 'participant_id' | 'profile_id';
  readonly timeColumn: 'created_at' | 'joined_at';
  /** `surrogate`: a number of its own; `named`: a uuid of its own. */
  readonly key: 'primary' | 'surrogate' | 'named' | null;
  /** Columns that the fix does not know: a text, which differs from row to row, alone or beside a boolean. */
  readonly carries: 'note' | 'note and muted' | null;
  readonly roomKey: RoomKey | null;
  /** A foreign key of the user's id to `profiles`. */
  readonly hasUserKey: boolean;
  /** Both only in chat_room_members; `checked` where every value is allowed. */
  readonly hasStatus: boolean;
  readonly statusType: WordType;
  readonly hasRole: boolean;
}

/** What a word from a small set is written as. */
export type WordType = 'text' | 'character varying(20)' | 'enum';

export interface RoomKey {
  readonly target: 'rooms' | 'chat_rooms';
  readonly name: string;
  readonly onDelete: 'cascade' | 'no action' | 'set null' | 'restrict';
  /** Left unvalidated also where it could be validated. */
  readonly isNotValid: boolean;
  readonly isDeferred: boolean;
}

export type MessageIdColumn =
  | 'uuid'
  | 'uuid without default'
  | 'bigserial'
  | 'identity'
  | 'identity always'
  | 'bigint'
  | 'integer'
  | 'text'
  | 'missing';

export type SenderColumn = 'sender' | 'sender_id' | 'author_id';
export type TextColumn = 'content' | 'message';

export interface MessagesTable {
  readonly id: MessageIdColumn;
  readonly key: 'id' | 'id and time' | null;
  readonly senderType: 'uuid' | 'text';
  readonly senderColumns: readonly SenderColumn[];
  readonly textColumns: readonly TextColumn[];
  readonly timeType: 'timestamptz' | 'timestamp';
  readonly hasUpdatedAt: boolean;
  readonly hasRequiredKind: boolean;
  readonly roomKeys: readonly RoomKey[];
}

export interface LegacyRoom {
  readonly name: string;
  readonly isIn: 'chat_rooms' | 'rooms' | 'both';
  readonly type: 'dm' | 'group';
  /** In both tables: rooms says the other type. */
  readonly isContradicted: boolean;
  /** `null`: nothing is written where the type should be. */
  readonly spelling: 'usual' | 'other' | null;
  readonly title: string | null;
  readonly creator: Person | null;
}

export type MembershipTable = 'participants' | 'groupMembers' | 'directMembers';

export interface LegacyMembership {
  readonly table: MembershipTable;
  /** An index into the rooms; beyond their end the room does not exist. */
  readonly room: number;
  readonly person: Person | null;
  readonly status: 'approved' | 'pending' | 'blocked' | 'invited' | null;
  readonly role: 'member' | 'admin' | 'owner' | null;
  readonly hasTime: boolean;
}

export interface LegacyMessage {
  /** Tells the message from all others. One that is written without it is left to the engine's own preservation. */
  readonly text: string;
  readonly hasText: boolean;
  readonly hasTime: boolean;
  readonly room: number | null;
  readonly sender: Person | null;
  /** Which of several columns are filled. */
  readonly filled: 'first' | 'last' | 'all';
  readonly id: 'own' | 'repeated' | 'empty';
  /** The same words at the same time, sent twice: two messages. */
  readonly isTwice: boolean;
}
