import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { askForStarter } from '../../../src/settings/ask-for-starter.js';
import { withFolder } from '../../support/notes-bundle.js';

const raw = { definitions: new Map(), values: new Map([['command', 'init']]) };

async function ask(...answers: string[]) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const shown: string[] = [];
  const left = [...answers];
  output.on('data', (chunk: Buffer) => {
    shown.push(String(chunk));
    if (!String(chunk).endsWith(': ')) return;
    const next = left.shift();
    if (next === undefined) input.end();
    else input.write(`${next}\n`);
  });
  const { signal } = new AbortController();
  const { values } = await askForStarter(raw, { input, output, signal });
  return { values: Object.fromEntries(values), shown: shown.join('') };
}

describe('askForStarter', () => {
  it('takes what is in brackets for an empty answer', async () => {
    const { values } = await ask('', '', '', '', '', '', '');
    expect(values).toEqual({
      command: 'init',
      folder: 'fix',
      for: 'plain',
      table: 'public.notes',
      owner: 'author',
      text: 'body',
    });
  });

  it('asks again for what will not do, and says why', async () => {
    const { values, shown } = await ask(
      'src',
      'new/fix',
      'Orders',
      '',
      'mysql',
      'supabase',
      'Orders!',
      'orders',
      'user_id',
      'task',
    );
    expect(values).toEqual({
      command: 'init',
      folder: 'new/fix',
      title: 'Orders',
      for: 'supabase',
      table: 'orders',
      owner: 'user_id',
      text: 'task',
    });
    expect(shown).toContain('Something is there already.');
    expect(shown).toContain('One of plain, supabase.');
    expect(shown).toContain('A table of public, in lower case');
  });

  it('asks for nothing of an example where there is something to begin with', async () => {
    const { values, shown } = await ask('', '', 'no-such-file.sql', 'package.json');
    expect(values).toEqual({ command: 'init', folder: 'fix', before: 'package.json' });
    expect(shown).toContain('Nothing is there.');
  });

  it('takes the example beside a folder supabase, too, where that is asked for', async () => {
    const from = process.cwd();
    await withFolder(async (folder) => {
      await mkdir(path.join(folder, 'supabase'));
      process.chdir(folder);
      try {
        const chosen = await ask('', '', 'example', '', '', '', '');
        expect(chosen.values).toMatchObject({ for: 'plain', table: 'public.notes' });
        expect(chosen.values).not.toHaveProperty('before');
        expect((await ask('', '', '')).values).toEqual({
          command: 'init',
          folder: 'fix',
          before: 'supabase',
        });
      } finally {
        process.chdir(from);
      }
    });
  });

  it('writes nothing where the answers end', async () => {
    await expect(ask('fix')).rejects.toThrow('The answers ended, and nothing was written.');
  });
});
