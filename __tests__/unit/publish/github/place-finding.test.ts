import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { placeFinding } from '../../../../src/publish/github/place-finding.js';

const finding = {
  folder: '/repo/db/fix',
  path: 'sections/01_a.sql',
  line: 3,
  title: 'title',
  message: 'message',
};

describe('placeFinding', () => {
  it('gives the path from the root of the repository', () => {
    expect(placeFinding(finding, '/repo')).toEqual({
      path: 'db/fix/sections/01_a.sql',
      line: 3,
      title: 'title',
      message: 'message',
    });
  });

  it.each([
    ['a bundle outside the repository', { ...finding, folder: '/action/sql' }],
    ['a folder whose name only begins like it', { ...finding, folder: '/repository' }],
    ['no file at all', { ...finding, path: null }],
  ])('names no file for %s', (_what, outside) => {
    expect(placeFinding(outside, '/repo').path).toBeNull();
  });

  it('names no file of the action, where that is checked out within the repository', () => {
    const ours = { ...finding, folder: path.join(process.cwd(), 'sql/bundles/chat-schema-fix') };
    expect(placeFinding(ours, path.dirname(process.cwd())).path).toBeNull();
    expect(placeFinding(ours, process.cwd()).path).toBe('sql/bundles/chat-schema-fix/sections/01_a.sql');
  });

  it('points at the first line where none is known', () => {
    expect(placeFinding({ ...finding, line: null }, '/repo').line).toBe(1);
  });

  it('finds a file that somebody typed, where the bundle has none of its name', () => {
    const typed = 'action.yml';
    expect(placeFinding({ ...finding, path: typed }, process.cwd()).path).toBe(typed);
    expect(placeFinding({ ...finding, folder: process.cwd(), path: typed }, process.cwd()).path).toBe(typed);
    expect(placeFinding({ ...finding, path: 'no-such.yml' }, process.cwd()).path).toBeNull();
  });

  it('takes an absolute path as it is', () => {
    expect(placeFinding({ ...finding, path: '/repo/dump.sql' }, '/repo').path).toBe('dump.sql');
  });
});
