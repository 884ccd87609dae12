import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findLeftAlone } from '../../../src/before/find-left-alone.js';

describe('findLeftAlone', () => {
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'schema-fix-left-alone-'));
    await mkdir(path.join(folder, 'seeds'));
    for (const name of ['schema.sql', 'seeds/people.sql']) await writeFile(path.join(folder, name), '');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('names what is not loaded', async () => {
    expect(await findLeftAlone([folder], [path.join(folder, 'schema.sql')])).toEqual([
      path.join(folder, 'seeds/people.sql'),
    ]);
  });

  it('names a folder that cannot be read: it may hold SQL, too', async () => {
    const seeds = path.join(folder, 'seeds');
    const read = (read: string) =>
      read === seeds
        ? Promise.reject(Object.assign(new Error('denied'), { code: 'EACCES' }))
        : readdir(read, { withFileTypes: true });
    expect(await findLeftAlone([folder], [path.join(folder, 'schema.sql')], read)).toEqual([
      `${seeds} (cannot be read: EACCES)`,
    ]);
  });
});
