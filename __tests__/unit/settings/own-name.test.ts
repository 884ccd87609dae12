import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ownName } from '../../../src/settings/own-name.js';

describe('ownName', () => {
  it.each([
    ['where it is installed', '/usr/local/bin/schema-fix', {}, 'schema-fix'],
    ['in a project', '/home/ann/project/node_modules/.bin/schema-fix', {}, 'schema-fix'],
    ['by npm start', '/home/ann/checkout/lib/cli.js', { npm_lifecycle_event: 'start' }, 'npm start --'],
    [
      'by node',
      path.join(process.cwd(), 'dist/cli/index.js'),
      {},
      `node ${path.join('dist', 'cli', 'index.js')}`,
    ],
  ])('is what somebody types to call it again %s', (_how, program, environment, name) => {
    expect(ownName(program, environment)).toBe(name);
  });

  it('is what npx was told to run', async () => {
    const root = await mkdtemp(path.join(os.tmpdir(), 'schema-fix-test-'));
    try {
      const cached = path.join(root, '_npx/478fc672ba014360');
      await mkdir(cached, { recursive: true });
      const program = path.join(cached, 'node_modules/.bin/schema-fix');
      expect(ownName(program, {})).toBe('npx schema-fix');
      const told = { _npx: { packages: ['./schema-fix-action-0.1.0.tgz'] } };
      await writeFile(path.join(cached, 'package.json'), JSON.stringify(told));
      expect(ownName(program, {})).toBe('npx ./schema-fix-action-0.1.0.tgz');
      const elsewhere = { _npx: { packages: ['/tmp/schema-fix-action-0.1.0.tgz'] } };
      await writeFile(path.join(cached, 'package.json'), JSON.stringify(elsewhere));
      expect(ownName(program, {})).toBe('npx --package=/tmp/schema-fix-action-0.1.0.tgz schema-fix');
    } finally {
      await rm(root, { recursive: true });
    }
  });
});
