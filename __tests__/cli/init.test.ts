import path from 'node:path';
import { expect, it } from '@jest/globals';
import { execa } from 'execa';
import { withFolder } from '../support/notes-bundle.js';
import { serverUrl } from '../support/server-url.js';

const cli = path.resolve(import.meta.dirname, '../../lib/cli.js');

it.each(['plain', 'supabase'])(
  'what init writes for %s in an empty folder passes as it is',
  async (platform) => {
    await withFolder(async (cwd) => {
      const run = (...words: string[]) => execa('node', [cli, ...words], { cwd, reject: false });
      const init = await run('init', '--for', platform, '--table', 'orders', '--title', 'Orders');
      expect(init).toMatchObject({ exitCode: 0, stderr: '' });
      const rehearse = await run('rehearse', '--bundle', 'fix', '--postgres-url', serverUrl());
      expect(rehearse.stdout).toContain('PASS, safe to merge  Orders: 1 of 1 database, 2 of 2 checks');
      expect(rehearse.exitCode).toBe(0);
    });
  },
);
