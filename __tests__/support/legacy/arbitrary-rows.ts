/** What is in the tables of a legacy database, as fast-check draws it: few people, few names, so that they meet often. */
import fc from 'fast-check';
import type { LegacyMembership, LegacyMessage, LegacyRoom } from './legacy-database.js';
import { people } from './people.js';

const members = fc.constantFrom(...people.slice(0, -1));
/** One more than there can be rooms, now and then: an orphan. */
const roomIndexes = fc.nat({ max: 5 });

export const rooms: fc.Arbitrary<LegacyRoom[]> = fc
  .array(
    fc.record({
      isIn: fc.constantFrom('chat_rooms', 'rooms', 'both'),
      type: fc.constantFrom('group', 'dm'),
      isContradicted: fc.integer({ min: 0, max: 5 }).map((number) => number === 5),
      spelling: fc.constantFrom('usual', 'usual', 'usual', 'usual', 'other', null),
      title: fc.constantFrom(
        'Club',
        'Range',
        'club ',
        'CLUB',
        ' Range',
        'Club (2)',
        "D'Arcy %I $1 \\ 🏌️",
        '',
        null,
      ),
      creator: fc.option(members, { freq: 4 }),
    }),
    { minLength: 1, maxLength: 5, size: 'max' },
  )
  .map((drawn) => drawn.map((room, index) => ({ ...room, name: `room-${index}` })));

export const memberships: fc.Arbitrary<LegacyMembership[]> = fc.array(
  fc.record({
    table: fc.constantFrom('groupMembers', 'groupMembers', 'directMembers', 'participants'),
    room: roomIndexes,
    person: fc.option(members, { freq: 20 }),
    status: fc.constantFrom('approved', 'approved', 'approved', 'pending', 'blocked', 'invited', null),
    role: fc.constantFrom('member', 'member', 'admin', 'owner', null),
    hasTime: fc.integer({ min: 0, max: 9 }).map((number) => number < 9),
  }),
  { maxLength: 40, size: 'max' },
);

export const messages: fc.Arbitrary<LegacyMessage[]> = fc
  .array(
    fc.record({
      room: fc.option(roomIndexes, { freq: 20 }),
      sender: fc.option(members, { freq: 20 }),
      filled: fc.constantFrom('first', 'last', 'all'),
      id: fc.constantFrom('own', 'own', 'repeated', 'empty'),
      hasText: fc.integer({ min: 0, max: 9 }).map((number) => number < 9),
      hasTime: fc.integer({ min: 0, max: 9 }).map((number) => number < 9),
      isTwice: fc.integer({ min: 0, max: 9 }).map((number) => number === 9),
    }),
    { minLength: 1, maxLength: 14, size: 'max' },
  )
  .map((drawn) => drawn.map((message, index) => ({ ...message, text: `message ${index}` })));
