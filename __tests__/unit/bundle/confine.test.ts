import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { resolveGiven } from '../../../src/bundle/confine.js';
import { loadBundle } from '../../../src/bundle/load-bundle.js';

/** Outside of the working directory, as everything else of the machine. */
let outside: string;
let bundle: string;
beforeEach(async () => {
  outside = await realpath(await mkdtemp(path.join(tmpdir(), 'confine-')));
  bundle = path.join(outside, 'bundle');
  await cp('__tests__/fixtures/bundles/notes', bundle, { recursive: true });
  await writeFile(path.join(outside, 'secret.sql'), '--! Title: of somebody else\nselect 1;\n');
});
afterEach(() => rm(outside, { recursive: true }));

describe('resolveGiven', () => {
  it('takes what is in the working directory, and whatever is given as an absolute path', async () => {
    expect(await resolveGiven('sql/bundles', 'bundle')).toBe(path.resolve('sql/bundles'));
    expect(await resolveGiven(bundle, 'bundle')).toBe(bundle);
  });

  it('refuses a relative path that leads out', async () => {
    const given = path.relative(process.cwd(), bundle);
    await expect(resolveGiven(given, 'bundle')).rejects.toThrow(
      `bundle: ${given} leads out of the working directory ${process.cwd()}. Give it as an absolute path if that is meant.`,
    );
  });

  it('leaves what is not there to whoever reads it', async () => {
    expect(await resolveGiven('not/there', 'bundle')).toBe(path.resolve('not/there'));
  });
});

describe('loadBundle', () => {
  const refused = (shown: string) => `${shown}: leads out of the folder that names it`;

  it.each([
    'sections/03_x.sql',
    'checks/03_x.sql',
    'scenarios/03_x.sql',
    'scenarios/setup.sql',
    'states/03_x.sql',
  ])('refuses %s as a link out of the bundle', async (shown) => {
    await symlink(path.join(outside, 'secret.sql'), path.join(bundle, shown));
    await expect(loadBundle(bundle, 'sql')).rejects.toThrow(refused(shown));
  });

  it('refuses a manifest that is a link out of the bundle, and shows no line of it', async () => {
    await rm(path.join(bundle, 'bundle.yml'));
    await writeFile(path.join(outside, 'passwords'), 'root: [secret word\n');
    await symlink(path.join(outside, 'passwords'), path.join(bundle, 'bundle.yml'));
    const error = await loadBundle(bundle, 'sql').catch((reason: Error) => reason.message);
    expect(error).toContain(refused('bundle.yml'));
    expect(error).not.toContain('secret word');
  });

  it('refuses a folder of sections that is a link out of the bundle', async () => {
    await mkdir(path.join(outside, 'elsewhere'));
    await writeFile(path.join(outside, 'elsewhere', '01_x.sql'), '--! Title: x\nselect 1;\n');
    await rm(path.join(bundle, 'checks'), { recursive: true });
    await symlink(path.join(outside, 'elsewhere'), path.join(bundle, 'checks'));
    await expect(loadBundle(bundle, 'sql')).rejects.toThrow(refused('checks/01_x.sql'));
  });

  it('refuses a platform whose name climbs out of the bundle', async () => {
    const needs = path.join('..', '..', 'secret');
    await writeFile(
      path.join(bundle, 'platforms', 'app.sql'),
      `--! Title: x\n--! Needs: ${needs}\nselect 1;\n`,
    );
    await expect(loadBundle(bundle, 'sql')).rejects.toThrow(refused(`platforms/${needs}.sql`));
  });

  it('takes a link within the bundle', async () => {
    await symlink(
      path.join(bundle, 'states', '02_already_fixed.sql'),
      path.join(bundle, 'states', '03_again.sql'),
    );
    expect((await loadBundle(bundle, 'sql')).states.map(({ name }) => name)).toContain('03_again');
  });
});
