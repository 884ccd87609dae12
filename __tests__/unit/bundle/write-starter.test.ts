import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { lintBundle, renderLint } from '../../../src/bundle/lint-bundle.js';
import { loadBundle } from '../../../src/bundle/load-bundle.js';
import { renderManifestSchema } from '../../../src/bundle/manifest-schema.js';
import { writeStarter } from '../../../src/bundle/write-starter.js';
import { withFolder } from '../../support/notes-bundle.js';

const sql = path.resolve(import.meta.dirname, '../../../sql');
const starters = path.join(sql, 'starters');

const columns = { owner: 'author', text: 'body' };

describe('writeStarter', () => {
  it.each(['plain', 'supabase'] as const)(
    'writes a bundle for %s that speaks of the table that is named',
    async (platform) => {
      await withFolder(async (parent) => {
        const folder = path.join(parent, 'fix');
        const starter = {
          folder,
          platform,
          title: 'Orders: "ours"',
          table: 'public.orders',
          owner: 'user_id',
          text: 'task',
        };
        const files = await writeStarter(starter, starters);
        expect(files).toContain('states/01_what_is_there.sql');
        const bundle = await loadBundle(folder, sql);
        expect(bundle).toMatchObject({ title: 'Orders: "ours"', tables: ['public.orders'] });
        for (const file of files) {
          expect(await readFile(path.join(folder, file), 'utf8')).not.toMatch(
            /\bnotes?\b|\bauthor\b|\bbody\b/,
          );
        }
        // The one that is true of any key.
        expect(renderLint(await lintBundle(folder, sql))).toMatch(
          /^sections\/01_keys\.sql:10: warning: makes an index .*\nThe bundle can be rehearsed \(Orders: "ours"\): no mistake, 1 warning\.\n$/,
        );
      });
    },
  );

  it('begins with a line by which editors complete the manifest, and the schema that it names', async () => {
    await withFolder(async (folder) => {
      await writeStarter(
        { folder, platform: 'plain', title: null, table: 'public.notes', ...columns },
        starters,
      );
      const [line] = (await readFile(path.join(folder, 'bundle.yml'), 'utf8')).split('\n');
      expect(line).toBe('# yaml-language-server: $schema=./bundle.schema.json');
      const schema = await readFile(path.join(folder, 'bundle.schema.json'), 'utf8');
      expect(schema).toBe(renderManifestSchema());
      expect(JSON.parse(schema)).toMatchObject({
        required: ['title', 'tables'],
        additionalProperties: false,
        properties: { preserve: { type: 'array' }, actors: { type: 'object' } },
      });
    });
  });

  it('writes over nothing', async () => {
    await withFolder(async (folder) => {
      await writeFile(path.join(folder, 'mine.txt'), 'mine');
      const starter = { folder, platform: 'plain', title: null, table: 'public.notes', ...columns } as const;
      await expect(writeStarter(starter, starters)).rejects.toThrow('is not empty (mine.txt)');
      expect(await readdir(folder)).toEqual(['mine.txt']);
      const file = path.join(folder, 'mine.txt');
      await expect(writeStarter({ ...starter, folder: file }, starters)).rejects.toThrow('is no folder');
    });
  });
});

describe('lintBundle', () => {
  it('says everything at once: what cannot be loaded, and what cannot run', async () => {
    await withFolder(async (folder) => {
      await writeStarter(
        { folder, platform: 'plain', title: null, table: 'public.notes', ...columns },
        starters,
      );
      await writeFile(path.join(folder, 'bundle.yml'), 'titel: x\ntables: [notes]\n');
      await writeFile(
        path.join(folder, 'sections/03_index.sql'),
        '--! Title: Index\ncreate index concurrently i on notes (author);\n',
      );
      const result = await lintBundle(folder, sql);
      expect(() => renderLint(result)).toThrow(
        /bundle\.yml: title: missing[\s\S]*unknown key "titel"[\s\S]*sections\/03_index\.sql:2: mistake: cannot run in a transaction[\s\S]*sections\/03_index\.sql:2: warning: notes has no schema/,
      );
    });
  });
});
