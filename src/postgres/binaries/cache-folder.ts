/** Where fetched binaries are kept between runs. */
import { homedir } from 'node:os';
import { join } from 'node:path';

const NAME = 'schema-fix-action';

/** Where root keeps them: its home cannot be entered by the account that runs its servers. */
export const SHARED_CACHE_FOLDER = join('/var/cache', NAME);

export interface CacheOwner {
  readonly platform: NodeJS.Platform;
  readonly isRoot: boolean;
  readonly env: NodeJS.ProcessEnv;
}

/** `SCHEMA_FIX_CACHE`, or the runner's tool cache, or where this system keeps caches. */
export function getCacheFolder({ platform, isRoot, env }: CacheOwner): string {
  if (env.SCHEMA_FIX_CACHE) return env.SCHEMA_FIX_CACHE;
  if (env.RUNNER_TOOL_CACHE) return join(env.RUNNER_TOOL_CACHE, NAME);
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), NAME);
  if (isRoot) return SHARED_CACHE_FOLDER;
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', NAME);
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), NAME);
}
