import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { compareMajor } from '../../../src/before/compare-major.js';
import { withFolder } from '../../support/notes-bundle.js';

describe('compareMajor', () => {
  it('says which major a project has, where the server has another', async () => {
    await withFolder(async (folder) => {
      const project = path.join(folder, 'supabase');
      await mkdir(project);
      await writeFile(path.join(project, 'config.toml'), '[db]\nmajor_version = 15\n');
      for (const given of [folder, project]) {
        expect(await compareMajor(['roles.sql', given], '17.10')).toEqual([
          expect.stringContaining('config.toml says major_version = 15, and this is Postgres 17'),
        ]);
        expect(await compareMajor([given], '15.18')).toEqual([]);
      }
      await writeFile(path.join(project, 'config.toml'), 'project_id = "x"\n');
      expect(await compareMajor([project, 'postgres://a@b/c'], '17.10')).toEqual([]);
    });
  });
});
