import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadPlatforms } from '../../../src/bundle/load-platforms.js';
import { withFolder } from '../../support/notes-bundle.js';

/** The platform of that name, among files `platforms/…` of these texts. */
function load(name: string, files: Readonly<Record<string, string>>) {
  return withFolder(async (folder) => {
    for (const [file, text] of Object.entries(files)) {
      const target = path.join(folder, 'platforms', file);
      await mkdir(path.dirname(target), { recursive: true });
      await writeFile(target, text);
    }
    const problems: string[] = [];
    const [platform] = await loadPlatforms([name], [folder], problems);
    return { files: platform?.files.map((file) => file.path), deployers: platform?.deployers, problems };
  });
}

const host = '--! Title: Host\n--! Deployer: postgres, stand_in\nselect 1;';

describe('loadPlatforms', () => {
  it('goes on in the folder that bears the name, and lays what is needed first', async () => {
    expect(
      await load('app', {
        'host.sql': host,
        'host/02_second.sql': '--! Title: Second\nselect 2;',
        'host/01_first.sql': '--! Title: First\nselect 1;',
        'app.sql': '--! Title: App\n--! Needs: host\nselect 3;',
      }),
    ).toEqual({
      files: [
        'platforms/host.sql',
        'platforms/host/01_first.sql',
        'platforms/host/02_second.sql',
        'platforms/app.sql',
      ],
      deployers: ['postgres', 'stand_in'],
      problems: [],
    });
  });

  it('has the deployers of the layer laid last that names any', async () => {
    const app = '--! Title: App\n--! Needs: host\n--! Deployer: app_owner\nselect 1;';
    expect(await load('app', { 'host.sql': host, 'app.sql': app })).toMatchObject({
      deployers: ['app_owner'],
    });
  });

  it('has the stand-ins of every layer, by the names of their extensions', async () => {
    const [platform] = await withFolder(async (folder) => {
      await mkdir(path.join(folder, 'platforms/host/extensions'), { recursive: true });
      await writeFile(path.join(folder, 'platforms/host.sql'), host);
      await writeFile(
        path.join(folder, 'platforms/host/extensions/uuid-ossp.sql'),
        '--! Title: some\nselect 1;',
      );
      await writeFile(path.join(folder, 'platforms/app.sql'), '--! Title: App\n--! Needs: host\nselect 1;');
      return loadPlatforms(['app'], [folder], []);
    });
    expect(platform?.standIns).toMatchObject([{ extension: 'uuid-ossp', title: 'some' }]);
  });

  it('says what is wrong with a part', async () => {
    expect(await load('host', { 'host.sql': host, 'host/first.sql': 'select 1;' })).toMatchObject({
      problems: [
        'platforms/host/first.sql: a file here is named NN_what_it_is.sql, two digits first, or three. Rename it.',
      ],
    });
  });
});
