/** What the tests hold everybody to has to be right itself. */
import { describe, expect, it } from '@jest/globals';
import {
  type Chat,
  conversationsOf,
  type Membership,
  mayAdminister,
  maySeeRoom,
  type Room,
  standingIn,
} from '../support/rulebook.js';

const group: Room = { id: 'club', creator: 'ann', type: 'group' };

function aChat(standings: Readonly<Record<string, readonly Membership['standing'][]>>, room = group): Chat {
  const memberships = Object.entries(standings).flatMap(([person, words]) =>
    words.map((standing) => ({ room: room.id, person, standing, isAdmin: false })),
  );
  return { rooms: [room], memberships, messages: [] };
}

describe('the rulebook', () => {
  it.each<[Membership['standing'][], string]>([
    [[], 'none'],
    [['member'], 'member'],
    [['pending', 'approved'], 'member'],
    [['approved', 'blocked'], 'blocked'],
    [['pending'], 'waiting'],
    [['unknown word'], 'waiting'],
    [['no word'], 'unjudged'],
    [['pending', 'member'], 'unjudged'],
  ])('takes %j for %s', (standings, standing) => {
    expect(standingIn(aChat({ ben: standings }), 'club', 'ben')).toBe(standing);
  });

  it.each<[string, Chat, string]>([
    ['of a room that nobody uses', aChat({}), 'may'],
    ['of a room of others', aChat({ ben: ['approved'] }), 'may not'],
    ['who is blocked', aChat({ ann: ['blocked'] }), 'may not'],
    ['who waits', aChat({ ann: ['pending'] }), 'may not'],
  ])('says of a creator %s whether they see it, and whether they let others in', (_which, chat, claim) => {
    expect(maySeeRoom(chat, group, 'ann')).toBe(claim);
    expect(mayAdminister(chat, group, 'ann')).toBe(claim === 'may');
  });

  it.each<[string, Chat, string[] | 'unjudged']>([
    ['both are in', aChat({ ann: ['member'], ben: ['approved'] }, { ...group, type: 'dm' }), ['club']],
    [
      'a third person waits in',
      aChat({ ann: ['member'], ben: ['member'], cara: ['pending'] }, { ...group, type: 'dm' }),
      ['club'],
    ],
    [
      'a third person is in',
      aChat({ ann: ['member'], ben: ['member'], cara: ['member'] }, { ...group, type: 'dm' }),
      [],
    ],
    [
      'one of them is blocked in',
      aChat({ ann: ['member'], ben: ['blocked'] }, { ...group, type: 'dm' }),
      'unjudged',
    ],
    [
      'of whose type nothing is said',
      aChat({ ann: ['member'], ben: ['member'] }, { ...group, type: null }),
      'unjudged',
    ],
    ['that is a group', aChat({ ann: ['member'], ben: ['member'] }), []],
  ])('says whether a room that %s is the conversation of two', (_what, chat, rooms) => {
    const found = conversationsOf(chat, 'ann', 'ben');
    expect(found === 'unjudged' ? found : found.map(({ id }) => id)).toEqual(rooms);
  });
});
