import { describe, expect, it } from '@jest/globals';
import { distance, type KnownName, nearNames } from '../../../src/bundle/near-names.js';

const known = (...names: string[]): KnownName[] =>
  names.map((written) => {
    const [schema = '', name = ''] = written.split('.');
    return { schema, name, written };
  });

const tables = known('public.chat_rooms', 'public.chat_messages', 'auth.users', 'private.chat_rooms');

describe('nearNames', () => {
  it.each([
    ['public', 'chat_romms', ['public.chat_rooms']],
    ['pubilc', 'chat_rooms', ['public.chat_rooms']],
    [null, 'chat_rooms', ['private.chat_rooms', 'public.chat_rooms']],
    [null, 'chatRooms', ['private.chat_rooms', 'public.chat_rooms']],
    ['app', 'chat_rooms', ['private.chat_rooms', 'public.chat_rooms']],
    ['app', 'chat_room', []],
    ['public', 'invoices', []],
    ['auth', 'user', ['auth.users']],
  ])('of %s.%s are %j', (schema, name, near) => {
    expect(nearNames({ schema, name }, tables)).toEqual(near);
  });

  it('gives few', () => {
    const many = known(...['a', 'b', 'c', 'd', 'e'].map((letter) => `public.room_${letter}`));
    expect(nearNames({ schema: 'public', name: 'room_x' }, many)).toHaveLength(3);
  });
});

describe('distance', () => {
  it.each([
    ['sender_id', 'senderId', 0],
    ['room', 'rooms', 1],
    ['romo', 'room', 1],
    ['sender', 'author', 5],
  ])('from %s to %s is %i', (one, other, letters) => {
    expect(distance(one, other)).toBe(letters);
  });
});
