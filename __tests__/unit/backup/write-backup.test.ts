import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { writeBackup } from '../../../src/backup/write-backup.js';
import { withFolder } from '../../support/notes-bundle.js';

const built = pathToFileURL(path.resolve(import.meta.dirname, '../../../lib/backup/write-backup.js')).href;

/** In a process that may write no file larger than 4 kB: what a disk without room comes to. */
const program = (file: string) => `
  import { randomBytes } from 'node:crypto';
  import { writeBackup } from '${built}';
  async function* sql() { for (let piece = 0; piece < 200; piece += 1) yield randomBytes(10_000); }
  await writeBackup(sql(), { file: ${JSON.stringify(file)}, key: null, onBytes() {} }).catch(({ name, message }) => console.log(name, message));
`;

describe('writeBackup', () => {
  it('says that there is no room, and leaves nothing', async () => {
    await withFolder(async (folder) => {
      const file = path.join(folder, 'x.backup');
      const said = await new Promise((resolve) => {
        const words = [
          '-c',
          'ulimit -f 8; exec "$0" --input-type=module -e "$1"',
          process.execPath,
          program(file),
        ];
        execFile('sh', words, { env: { ...process.env, NODE_OPTIONS: '' } }, (_error, stdout) =>
          resolve(stdout),
        );
      });
      expect(said).toMatch(
        /^UserError backup: .*x\.backup cannot be written: it would be larger than .* Nothing was begun/,
      );
      expect(readdirSync(folder)).toEqual([]);
    });
  });

  it('throws what its reading threw, and leaves nothing', async () => {
    await withFolder(async (folder) => {
      const lost = new Error('the connection was lost');
      async function* sql() {
        yield 'select 1;';
        throw lost;
      }
      const written = writeBackup(sql(), {
        file: path.join(folder, 'x.backup'),
        key: null,
        onBytes: () => undefined,
      });
      await expect(written).rejects.toBe(lost);
      expect(readdirSync(folder)).toEqual([]);
    });
  });
});
