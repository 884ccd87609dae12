import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { readEvidence } from '../../../src/publish/evidence-file.js';

const folder = mkdtempSync(path.join(tmpdir(), 'evidence-'));
afterAll(() => rmSync(folder, { recursive: true }));

const entry = {
  command: 'npm run realtime',
  outcome: 'pass',
  shown: 'a message arrived',
  bundle: 'abc',
  at: '2026-11-26T10:20:30.000Z',
};
const file = (text: string) => {
  const name = path.join(folder, 'evidence.json');
  writeFileSync(name, text);
  return name;
};
const written = (changes: object) =>
  file(JSON.stringify({ formatVersion: 1, commands: [{ ...entry, ...changes }] }));

it('reads what commands wrote down', async () => {
  expect(await readEvidence(written({}))).toEqual([entry]);
});

it.each<[string, () => string, string]>([
  ['that is not there', () => path.join(folder, 'no.json'), 'no.json cannot be read'],
  ['that is no JSON', () => file('<html>'), 'is no evidence of this version'],
  ['of another format', () => file('{"formatVersion":2,"commands":[]}'), 'is no evidence of this version'],
  ['with another outcome', () => written({ outcome: 'met' }), 'is no evidence of this version'],
  ['without a time', () => written({ at: 'yesterday' }), 'is no evidence of this version'],
])('refuses a file %s', async (_what, make, message) => {
  await expect(readEvidence(make())).rejects.toThrow(message);
});
