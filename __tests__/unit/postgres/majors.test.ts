import { describe, expect, it } from '@jest/globals';
import { assertSupportedMajor, getEmbeddedVersion, parseMajor } from '../../../src/postgres/majors.js';

describe('majors', () => {
  it.each([13, 19])('refuses Postgres %d and names those that are supported', (major) => {
    expect(() => assertSupportedMajor(major)).toThrow(
      `postgres-version: Postgres ${major} is not supported. Ask for 14 to 18.`,
    );
  });

  it.each([14, 15, 16, 17, 18])('has binaries of Postgres %d', (major) => {
    assertSupportedMajor(major);
    expect(parseMajor(getEmbeddedVersion(major))).toBe(major);
  });

  it.each([
    ['17.10', 17],
    ['15.18 (Debian 15.18-0+deb12u1)', 15],
    ['18beta1', 18],
    ['postgres (PostgreSQL) 16.14', 16],
    ['', null],
  ])('reads the major of %j', (version, major) => {
    expect(parseMajor(version)).toBe(major);
  });
});
