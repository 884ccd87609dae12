import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadBundle } from '../../../src/bundle/load-bundle.js';
import { readText } from '../../../src/bundle/read-text.js';
import { withFolder, withNotesBundle } from '../../support/notes-bundle.js';

function textOf(bytes: Uint8Array): Promise<string> {
  return withFolder(async (folder) => {
    await writeFile(path.join(folder, 'a.sql'), bytes);
    return readText(path.join(folder, 'a.sql'), 'a.sql');
  });
}

const latin1 = Buffer.from("select 1;\nselect 'café';\n", 'latin1');
const utf16 = Buffer.from('\uFEFFselect 1;', 'utf16le');

describe('readText', () => {
  it.each<[string, Uint8Array]>([
    ['UTF-8', Buffer.from("select 'é🏌️';\nselect 2;")],
    ['UTF-8 with a mark', Buffer.from("\uFEFFselect 'é🏌️';\nselect 2;")],
    ['lines that end as on Windows', Buffer.from("select 'é🏌️';\r\nselect 2;")],
  ])('reads %s', async (_what, bytes) => {
    expect(await textOf(bytes)).toBe("select 'é🏌️';\nselect 2;");
  });

  it.each<[string, Uint8Array, string]>([
    ['Latin-1', latin1, 'a.sql:2: is not UTF-8, perhaps Latin-1 or Windows-1252. Save it as UTF-8.'],
    ['what breaks off within a character', Buffer.from('é').subarray(0, 1), 'a.sql:1: is not UTF-8'],
    ['a character too long by half', Buffer.from([0x61, 0x0a, 0x0a, 0xc0, 0xaf]), 'a.sql:3: is not UTF-8'],
    ['UTF-16', utf16, 'a.sql: is UTF-16, which PowerShell writes by itself. Save it as UTF-8.'],
    ['UTF-16 the other way round', Buffer.from(utf16).swap16(), 'a.sql: is UTF-16'],
    ['UTF-16 without a mark', utf16.subarray(2), 'a.sql:1: holds a null character'],
  ])('refuses %s', async (_what, bytes, message) => {
    await expect(textOf(bytes)).rejects.toThrow(message);
  });
});

describe('what is no file', () => {
  it('is refused before anybody waits for it to be written', async () => {
    await withFolder(async (folder) => {
      const pipe = path.join(folder, 'a.sql');
      execFileSync('mkfifo', [pipe]);
      await expect(readText(pipe, 'a.sql')).rejects.toThrow('a.sql: is no file. Rename it, or put a file');
    });
  });
});

describe('a bundle whose files cannot be read', () => {
  it('lists each of them', async () => {
    await withNotesBundle({}, async (folder) => {
      const file = (name: string) => path.join(folder, name);
      await writeFile(file('sections/03_latin.sql'), Buffer.concat([Buffer.from('--! Title: A\n'), latin1]));
      await writeFile(file('platforms/app.sql'), utf16);
      await mkdir(file('checks/03_folder.sql'));
      await symlink('nowhere.sql', file('states/03_dangling.sql'));
      await symlink('setup.sql', file('scenarios/setup.sql'));
      const loading = loadBundle(folder, folder);
      await expect(loading).rejects.toMatchObject({ name: 'UserError', exitCode: 2 });
      const message = await loading.then(
        () => '',
        (error: Error) => error.message,
      );
      expect(message.split('\n').slice(1).sort()).toEqual([
        '  checks/03_folder.sql: is a folder, not a file. Rename it, or put a file in its place.',
        '  platforms/app.sql: is UTF-16, which PowerShell writes by itself. Save it as UTF-8.',
        '  scenarios/setup.sql: is a link that leads to itself.',
        '  sections/03_latin.sql:3: is not UTF-8, perhaps Latin-1 or Windows-1252. Save it as UTF-8.',
        '  states/03_dangling.sql: there is no such file, or it is a link to one that is not there.',
      ]);
    });
  });

  it('says what is wrong with the manifest', async () => {
    await withNotesBundle({}, async (folder) => {
      await writeFile(path.join(folder, 'bundle.yml'), latin1);
      await expect(loadBundle(folder, folder)).rejects.toThrow('bundle.yml:2: is not UTF-8');
    });
  });
});
