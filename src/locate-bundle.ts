/** The input `bundle` → the folder that is meant, and the bundle in it. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { getActionRoot } from './action-root.js';
import { chooseSettings } from './bundle/choose-settings.js';
import { resolveGiven } from './bundle/confine.js';
import { loadBundle } from './bundle/load-bundle.js';
import { UserError } from './errors.js';
import type { Bundle } from './model.js';
import { listed } from './report/words.js';
import type { FixSettings } from './settings/settings.js';

/** The engine's own. */
export function sqlFolder(): string {
  return path.join(getActionRoot(), 'sql');
}

const shippedName = 'chat-schema-fix';

export function shippedBundle(): string {
  return path.join(sqlFolder(), 'bundles', shippedName);
}

/** With the settings that the bundle declares as they were given. */
export async function readBundle({
  bundle: given,
  given: values,
}: Pick<FixSettings, 'bundle' | 'given'>): Promise<Bundle> {
  const at = await locateBundle(given);
  const bundle = await loadBundle(at, sqlFolder());
  return { ...bundle, settings: chooseSettings(bundle.settings, values) };
}

/** Throws a UserError where somebody may mean the bundle that lies here: nothing would say that it was not tried. */
async function refuseToPassOver(here: string): Promise<void> {
  const entries = await readdir(here, { withFileTypes: true });
  const folders = ['.', ...entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)];
  const bundles = folders.filter((name) => existsSync(path.join(here, name, 'bundle.yml'))).sort();
  if (bundles.length === 0) return;
  throw new UserError(
    `bundle: ${listed(bundles)} ${bundles.length === 1 ? 'is a bundle' : 'are bundles'}, and without bundle the fix that ships with the action would be taken. Say which: --bundle ${bundles[0]}, or --bundle ${shippedName}.`,
  );
}

/** Throws a UserError where the name of the shipped fix is that of a folder, too. */
export async function locateBundle(given: string | null): Promise<string> {
  if (given === null) {
    await refuseToPassOver(process.cwd());
    return shippedBundle();
  }
  if (given !== shippedName) return resolveGiven(given, 'bundle');
  if (existsSync(given)) {
    throw new UserError(
      `bundle: ${shippedName} is the fix that ships with the action, and there is a folder of that name here. Write ./${shippedName} for the folder, or run where there is none.`,
    );
  }
  return shippedBundle();
}
