import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { placeAnnotation } from '../../../../src/publish/github/place-annotation.js';

const finding = {
  folder: '/repo/db/fix',
  path: 'sections/01_a.sql',
  line: 3,
  title: 'title',
  message: 'message',
};

describe('placeAnnotation', () => {
  it('gives the path from the root of the repository', () => {
    expect(placeAnnotation(finding, '/repo')).toEqual({
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
    expect(placeAnnotation(outside, '/repo').path).toBeNull();
  });

  it('names no file of the action, where that is checked out within the repository', () => {
    const ours = { ...finding, folder: path.join(process.cwd(), 'sql/bundles/chat-schema-fix') };
    expect(placeAnnotation(ours, path.dirname(process.cwd())).path).toBeNull();
    expect(placeAnnotation(ours, process.cwd()).path).toBe('sql/bundles/chat-schema-fix/sections/01_a.sql');
  });

  it('points at the first line where none is known', () => {
    expect(placeAnnotation({ ...finding, line: null }, '/repo').line).toBe(1);
  });

  it('finds a file that somebody typed, where the bundle has none of its name', () => {
    const typed = 'action.yml';
    expect(placeAnnotation({ ...finding, path: typed }, process.cwd()).path).toBe(typed);
    expect(placeAnnotation({ ...finding, folder: process.cwd(), path: typed }, process.cwd()).path).toBe(
      typed,
    );
    expect(placeAnnotation({ ...finding, path: 'no-such.yml' }, process.cwd()).path).toBeNull();
  });

  it('takes an absolute path as it is', () => {
    expect(placeAnnotation({ ...finding, path: '/repo/dump.sql' }, '/repo').path).toBe('dump.sql');
  });
});
