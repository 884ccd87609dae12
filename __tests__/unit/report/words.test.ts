import { describe, expect, it } from '@jest/globals';
import { count, counted, duration, listed, ranges } from '../../../src/report/words.js';

describe('duration', () => {
  it.each([
    [0.4, '0 ms'],
    [42.4, '42 ms'],
    [999.4, '999 ms'],
    [999.6, '1.0 s'],
    [12_340, '12.3 s'],
    [59_949, '59.9 s'],
    [59_950, '1 min 00 s'],
    [125_000, '2 min 05 s'],
  ])('says %d as %s', (milliseconds, said) => {
    expect(duration(milliseconds)).toBe(said);
  });
});

describe('counted', () => {
  it('agrees in number', () => {
    expect([counted(0, 'state'), counted(1, 'state'), counted(12_408, 'state')]).toEqual([
      '0 states',
      '1 state',
      '12,408 states',
    ]);
    expect(count(2_000_000)).toBe('2,000,000');
  });
});

describe('listed', () => {
  it('joins as a sentence does, and counts what is left out', () => {
    expect(listed([])).toBe('');
    expect(listed(['a'])).toBe('a');
    expect(listed(['a', 'b', 'c'])).toBe('a, b and c');
    expect(listed(['a', 'b', 'c', 'd'], 2)).toBe('a, b and 2 more');
  });
});

describe('ranges', () => {
  it('joins neighbours', () => {
    expect(ranges([1, 2, 3, 5, 8, 9])).toBe('1–3, 5, 8–9');
    expect(ranges([])).toBe('');
  });
});
