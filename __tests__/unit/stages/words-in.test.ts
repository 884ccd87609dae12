import { describe, expect, it } from '@jest/globals';
import { columnWordsIn } from '../../../src/stages/words-in.js';

describe('which words of a text may be columns', () => {
  it.each([
    ['select user_id from room_members as person where person.user_id = 1', false],
    ['select member.person from members as member', true],
    ['select person from members', true],
    ['select person as who from members', true],
    ['select new.person.name', true],
    ['select "person" from members', true],
    ['select -- as\n person from members', true],
    ['for place in person..9 loop', true],
    ['select "Person". user_id from room_members AS "Person"', false],
  ])('%j', (text, isThere) => {
    expect(columnWordsIn(text).has('person')).toBe(isThere);
  });
});
