/** The setting `platform` → the platform that `before` is loaded into. */
import path from 'node:path';
import { UserError } from '../errors.js';
import type { Platform } from '../model.js';
import { resolveGiven } from './confine.js';
import { loadPlatforms } from './load-platforms.js';

/**
 * A name is one of the bundle's or of the engine's; what ends in `.sql` is a file of the user's own, `platforms/NAME.sql`, whose
 * folder may hold others that it needs. Throws a UserError.
 */
export async function choosePlatform(given: string, folders: readonly string[]): Promise<Platform> {
  const [, root, name = given] = /^(.*?)(?:platforms[/\\])?(\w+)\.sql$/.exec(given) ?? [];
  const isFile = given.endsWith('.sql');
  if (isFile && (root === undefined || path.basename(path.dirname(path.resolve(given))) !== 'platforms')) {
    throw new UserError(
      `platform: ${given} does not lie in a folder platforms/. Call it platforms/NAME.sql, in letters, digits and _.`,
    );
  }
  const own = isFile ? [path.dirname(path.dirname(await resolveGiven(given, 'platform')))] : [];
  const problems: string[] = [];
  const [platform] = await loadPlatforms([name], [...own, ...folders], problems);
  if (platform === undefined || problems.length > 0) {
    throw new UserError(problems.map((problem) => `platform: ${problem}`).join('\n'));
  }
  return platform;
}
