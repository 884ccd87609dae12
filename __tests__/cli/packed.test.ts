/** What `npm pack` makes, run by npx in a folder where there is nothing else, and without a network. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { addressOf } from '../support/notes-target.js';
import { getTestServer } from '../support/server.js';

const root = path.resolve(import.meta.dirname, '../..');
const notes = path.join(root, '__tests__/fixtures/bundles/notes');
const folder = mkdtempSync(path.join(tmpdir(), 'schema-fix-packed-'));
let archive = '';

beforeAll(() => {
  const words = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
  execFileSync('npm', words, { cwd: root });
  archive = readdirSync(folder).join();
});

afterAll(() => rmSync(folder, { recursive: true }));

/** The Postgres that comes along is left out: the network has it. */
function npx(...words: string[]) {
  const options = ['--offline', '--yes', '--omit=optional', '--cache=.npm', `--package=./${archive}`];
  return spawnSync('npx', [...options, '--', 'schema-fix', ...words], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
}

it('rehearses, and writes its page', () => {
  const server = addressOf(getTestServer().connection);
  const words = ['--bundle', notes, '--state', '2', '--rollback', 'false', '--html', 'page.html'];
  const done = npx('rehearse', ...words, '--postgres-url', server);
  expect(done.stdout).toContain('PASS, but only on 1 of');
  expect(done).toMatchObject({ status: 0, stderr: '' });
  expect(readFileSync(path.join(folder, 'page.html'), 'utf8')).toContain('<style>');
});

it('has the chat schema fix with it', () => {
  const done = npx('sql', '--bundle', 'chat-schema-fix');
  expect(done).toMatchObject({ status: 0, stderr: '' });
  expect(done.stdout).toContain('public.chat_rooms');
});

it('begins a bundle', () => {
  expect(npx('init', '--for', 'supabase', '--table', 'orders')).toMatchObject({ status: 0, stderr: '' });
  expect(readdirSync(path.join(folder, 'fix'))).toContain('bundle.yml');
});
