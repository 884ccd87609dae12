import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { listOwnModules } from '../../../src/postgres/binaries/find-embedded.js';
import { listSearchFolders } from '../../../src/postgres/processes/search-path.js';
import { getServerEnvironment } from '../../../src/postgres/processes/server-environment.js';

describe('getServerEnvironment', () => {
  it('passes on what programs need to start, and nothing that a runner keeps in its environment', () => {
    const runner = {
      PATH: '/usr/bin',
      TMPDIR: '/tmp',
      PGOPTIONS: '-c a=b',
      LANG: 'de_DE.UTF-8',
      GITHUB_TOKEN: 'ghs_secret',
      ACTIONS_RUNTIME_TOKEN: 'secret',
      INPUT_POSTGRES_URL: 'postgres://secret',
      NODE_OPTIONS: '--require ./x.js',
      LD_PRELOAD: './x.so',
    };
    expect(getServerEnvironment(runner)).toEqual({ PATH: '/usr/bin', TMPDIR: '/tmp', LC_ALL: 'C' });
  });
});

describe('listSearchFolders', () => {
  let checkout: string;
  let outside: string;
  beforeEach(async () => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'search-path-')));
    checkout = join(folder, 'checkout');
    outside = join(folder, 'outside');
    await mkdir(join(checkout, 'node_modules', '.bin'), { recursive: true });
    await mkdir(outside);
    await symlink(join(checkout, 'node_modules', '.bin'), join(outside, 'link'));
  });
  afterEach(() => rm(join(checkout, '..'), { recursive: true }));

  const list = (folders: readonly string[], workspaces = [checkout]) =>
    listSearchFolders({ searchPath: folders.join(delimiter), workspaces });

  it('keeps folders outside of the checkout, in their order', () => {
    expect(list([outside, '/usr/bin', `${checkout}-of-somebody-else`])).toEqual([
      outside,
      '/usr/bin',
      `${checkout}-of-somebody-else`,
    ]);
  });

  it.each([
    ['the folder that npm puts first', () => join(checkout, 'node_modules', '.bin')],
    ['the checkout itself', () => checkout],
    ['a relative folder', () => 'bin'],
    ['the empty folder, which is the working directory', () => ''],
    ['a way back into the checkout', () => join(outside, '..', 'checkout', 'bin')],
    ['a link into the checkout', () => join(outside, 'link')],
  ])('leaves out %s', (_, folder) => {
    expect(list([folder(), '/usr/bin'])).toEqual(['/usr/bin']);
  });

  it('keeps everything where the working directory is the root, which is no checkout', () => {
    expect(list(['/usr/bin'], ['/'])).toEqual(['/usr/bin']);
  });
});

describe('listOwnModules', () => {
  it('looks below the action, and never in a folder above it', () => {
    expect(listOwnModules('/srv/runner/app/tools/schema-fix')).toEqual([
      '/srv/runner/app/tools/schema-fix/node_modules',
    ]);
  });

  it('looks beside a package that npm installed', () => {
    expect(listOwnModules('/app/node_modules/schema-fix-action')).toEqual([
      '/app/node_modules/schema-fix-action/node_modules',
      '/app/node_modules',
    ]);
  });
});
