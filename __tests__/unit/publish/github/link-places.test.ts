import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { linkPlaces, readShownLines } from '../../../../src/publish/github/link-places.js';

const context = {
  repositoryUrl: 'https://github.com/acme/app',
  commit: 'a'.repeat(40),
  workspace: '/repo',
};
const place = { folder: '/repo/db/fix', path: 'sections/01_a.sql', line: 41 };
const path = 'db/fix/sections/01_a.sql';
const file = createHash('sha256').update(path).digest('hex');
const shown = (from: number, to: number) => ({
  pullRequest: 12,
  files: new Map([[path, [[from, to] as const]]]),
});

describe('linkPlaces', () => {
  it.each([
    ['in the diff, where the line is shown', shown(40, 42), `/pull/12/files#diff-${file}R41`],
    ['in the file, where the diff does not show it', shown(42, 50), `/blob/${'a'.repeat(40)}/${path}#L41`],
    ['in the file, where the diff is not known', null, `/blob/${'a'.repeat(40)}/${path}#L41`],
  ])('finds a line %s', (_, lines, address) => {
    expect(linkPlaces(context, lines)(place)).toEqual({
      path,
      url: `https://github.com/acme/app${address}`,
    });
  });

  it('links a file as a whole where no line is known', () => {
    const link = linkPlaces(context, shown(1, 99))({ ...place, line: null });
    expect(link?.url).toBe(`https://github.com/acme/app/blob/${'a'.repeat(40)}/${path}`);
  });

  it('writes out what would end a link', () => {
    const link = linkPlaces(context, null)({ ...place, path: "a b)'[x]?#.sql" });
    expect(link?.url).toContain('/db/fix/a%20b%29%27%5Bx%5D%3F%23.sql#L41');
  });

  it.each([
    ['a bundle that ships with the action', { ...place, folder: '/action/sql' }, context],
    ['a run without a repository', place, { ...context, repositoryUrl: null }],
    ['a run without a commit', place, { ...context, commit: '' }],
  ])('links nothing of %s', (_, where, run) => {
    expect(linkPlaces(run, null)(where)).toBeNull();
  });
});

describe('readShownLines', () => {
  it.each([
    ['a hunk', '@@ -1,3 +10,5 @@ begin\n a\n', [[10, 14]]],
    ['a single line', '@@ -1 +1 @@\n-a\n+b', [[1, 1]]],
    [
      'several hunks',
      '@@ -1,2 +1,3 @@\n\n@@ -20,2 +21,4 @@\n',
      [
        [1, 3],
        [21, 24],
      ],
    ],
    ['a file that was emptied', '@@ -1,2 +0,0 @@\n-a\n-b', []],
    ['a line that looks like a hunk', '@@ -1,1 +1,2 @@\n+@@ -9,9 +9,9 @@', [[1, 2]]],
    ['a file without a patch', undefined, []],
  ])('reads %s', (_, patch, ranges) => {
    expect(readShownLines(patch)).toEqual(ranges);
  });
});
