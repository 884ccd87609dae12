import { delimiter } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { findNpm, listPlaces } from '../../../src/postgres/jobs/find-npm.js';

const searchPath = ['/usr/bin', '/opt/tools'].join(delimiter);

describe('findNpm', () => {
  it('looks on PATH first, then beside its own node', () => {
    expect(listPlaces({ platform: 'linux', execPath: '/opt/node/bin/node', searchPath })).toEqual([
      { command: '/usr/bin/npm', args: [] },
      { command: '/opt/tools/npm', args: [] },
      { command: '/opt/node/bin/node', args: ['/opt/node/lib/node_modules/npm/bin/npm-cli.js'] },
    ]);
  });

  it('has node run the script on Windows, where PATH has a .cmd', () => {
    const [first] = listPlaces({ platform: 'win32', execPath: '/node/node.exe', searchPath });
    expect(first).toEqual({ command: '/node/node.exe', args: ['/usr/bin/node_modules/npm/bin/npm-cli.js'] });
  });

  it('says what to do where there is none', async () => {
    await expect(
      findNpm({ platform: 'linux', execPath: '/nowhere/bin/node', searchPath: '/nowhere' }),
    ).rejects.toThrow(
      'there is no npm on PATH to fetch them with; install Node.js with npm, or choose another postgres-source',
    );
  });
});
