/** `PATH` → the folders in which a program may be looked for: none that the checkout of a pull request could have filled. */
import { realpathSync } from 'node:fs';
import { delimiter, isAbsolute, parse, relative, sep } from 'node:path';

export interface Surroundings {
  readonly searchPath: string;
  /** Where the checkout is: the working directory, and the runner's workspace. */
  readonly workspaces: readonly string[];
}

/** npm puts the checkout's `node_modules/.bin` first, and a relative folder is one of the checkout's. */
export function listSearchFolders({ searchPath, workspaces }: Surroundings = surroundings()): string[] {
  const roots = workspaces.map(resolveLinks).filter((root) => parse(root).root !== root);
  return searchPath
    .split(delimiter)
    .filter((folder) => isAbsolute(folder) && !roots.some((root) => isWithin(root, resolveLinks(folder))));
}

function surroundings(): Surroundings {
  const { PATH, GITHUB_WORKSPACE } = process.env;
  return {
    searchPath: PATH ?? '',
    workspaces: [process.cwd(), ...(GITHUB_WORKSPACE ? [GITHUB_WORKSPACE] : [])],
  };
}

function isWithin(root: string, folder: string): boolean {
  const path = relative(root, folder);
  return path === '' || !(path.split(sep)[0] === '..' || isAbsolute(path));
}

/** A folder that is not there resolves to itself. */
function resolveLinks(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}
