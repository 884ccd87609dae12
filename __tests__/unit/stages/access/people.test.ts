import { describe, expect, it } from '@jest/globals';
import { type Person, samplePeople } from '../../../../src/stages/access/people.js';

const person = (kind: Person['kind'], index: number): Person => ({
  kind,
  name: `${kind} ${index}`,
  role: 'authenticated',
  settings: {},
});
const many = Array.from({ length: 2500 }, (_, index) => person('in the data', index));
const few = [person('actor', 1), person('stranger', 1), person('visitor', 1)];

describe('samplePeople', () => {
  it('tries everybody where they are few', () => {
    expect(samplePeople([...many, ...few], 2500)).toEqual([...many, ...few]);
  });

  it('takes some from everywhere in the data, and all who were named', () => {
    const chosen = samplePeople([...many, ...few], 1000);
    expect(chosen).toHaveLength(1003);
    expect(chosen.slice(-3)).toEqual(few);
    expect(many.indexOf(chosen[999] as Person)).toBeGreaterThan(2400);
  });
});
