import { describe, expect, it } from '@jest/globals';
import { contradicts } from '../../../src/stages/contradicts.js';

describe('contradicts', () => {
  it.each([
    ['no member twice', '5 members twice'],
    ['0', '5'],
    ['none', '1'],
    ['1,000 rows', '999 rows'],
    ['on', 'off'],
    ['yes', 'no'],
    ['no entry', '2 entries'],
  ])('%s and %s', (expected, actual) => {
    expect(contradicts(expected, actual)).toBe(true);
  });

  it.each([
    ['no member twice', '0 members twice'],
    ['at least 1', '5'],
    ['1 or more', '5'],
    ['on', 'on, 2 policies'],
    ['not null', 'not null'],
    ['there', 'present'],
    ['2024-01-01', '2024-01-02'],
    ['3 rooms', '5 messages'],
  ])('not %s and %s', (expected, actual) => {
    expect(contradicts(expected, actual)).toBe(false);
  });
});
