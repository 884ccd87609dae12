import { describe, expect, it } from '@jest/globals';
import { chooseCopies } from '../../../../src/stages/access/choose-copies.js';
import type { Person } from '../../../../src/stages/access/people.js';

const person = (name: string, kind: Person['kind']): Person => ({ name, role: 'api', settings: {}, kind });
const rowOf = (value: string) => ({ place: null, values: new Map([['who', value]]) });

describe('chooseCopies', () => {
  it('lets everybody add a copy of each row of a small table', () => {
    const rows = ['ann', 'ben', 'ann'].map(rowOf);
    const { copies, choices } = chooseCopies(rows, [person('ann', 'in the data'), person('-', 'visitor')]);
    expect(copies).toEqual([0, 1, 2]);
    expect(choices).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ]);
  });

  it('lets outsiders add each row that somebody else adds, those that name a person too', () => {
    const rows = Array.from({ length: 80 }, (_, index) => rowOf(index % 2 === 1 ? 'ann' : 'somebody'));
    const people = [person('stranger', 'stranger'), person('ann', 'in the data'), person('ben', 'actor')];
    const { copies, choices } = chooseCopies(rows, people);
    const [stranger, ann, ben] = choices;
    expect(ben).toHaveLength(40);
    expect(ann).toHaveLength(50);
    expect(stranger).toEqual([...copies.keys()]);
    expect(stranger).toHaveLength(50);
  });
});
