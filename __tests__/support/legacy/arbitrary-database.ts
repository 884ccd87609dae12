/** A legacy database as fast-check draws it from the families that real ones belong to. */
import fc from 'fast-check';
import { memberships, messages, rooms } from './arbitrary-rows.js';
import {
  chatRoomsTables,
  directMemberTables,
  groupMemberTables,
  messagesTables,
  participantsTables,
  roomsTables,
} from './arbitrary-tables.js';
import type { LegacyDatabase } from './legacy-database.js';
import { settleDatabase } from './settle-database.js';
import { surroundings } from './surroundings.js';

export const legacyDatabases: fc.Arbitrary<LegacyDatabase> = fc
  .record({
    platform: fc.constantFrom<LegacyDatabase['platform'][]>('supabase', 'supabase_explicit_grants'),
    deployer: fc.constantFrom<LegacyDatabase['deployer'][]>(
      'supabase_owner',
      'supabase_owner',
      'supabase_owner_no_bypass',
    ),
    layout: fc.constantFrom<LegacyDatabase['layout'][]>(
      'chat_rooms',
      'rooms',
      'both',
      'both',
      'both',
      'chat_rooms is a view',
      'rooms is a view',
    ),
    ids: fc.constantFrom<LegacyDatabase['ids'][]>('uuid', 'uuid', 'uuid', 'uuid', 'text', 'slugs', 'mixed'),
    roomsTable: roomsTables,
    chatRoomsTable: chatRoomsTables,
    participants: participantsTables,
    groupMembers: groupMemberTables,
    directMembers: directMemberTables,
    messagesTable: messagesTables,
    rooms,
    memberships,
    messages,
    surroundings: fc.subarray(
      surroundings.map(({ name }) => name),
      { maxLength: 8 },
    ),
  })
  .map(settleDatabase);
