import { describe, expect, it } from '@jest/globals';
import { shorten } from '../../../src/database/shorten.js';

describe('shorten', () => {
  it('keeps what a report can carry, and says how much it leaves out', () => {
    expect(shorten('x'.repeat(10_000))).toBe('x'.repeat(10_000));
    expect(shorten('x'.repeat(10_007))).toBe(`${'x'.repeat(10_000)}… (7 more characters)`);
  });
});
