/** Globs as somebody typed them → the files that they match. */
import { isAbsolute, sep } from 'node:path';
import { glob } from 'tinyglobby';

export interface FoundFiles {
  /** Each once, sorted. */
  readonly paths: readonly string[];
  /** Globs that match no file. */
  readonly unmatched: readonly string[];
}

/** Paths count from the working directory; those of an absolute glob are absolute too, as somebody typed them. */
export async function findFiles(globs: readonly string[]): Promise<FoundFiles> {
  const paths = new Set<string>();
  const unmatched: string[] = [];
  for (const typed of globs) {
    // In a glob a backslash escapes; on Windows it also stands between folders, as in `${{ runner.temp }}`.
    const pattern = sep === '\\' ? typed.replaceAll('\\', '/') : typed;
    const absolute = isAbsolute(pattern);
    const found = await glob(pattern, { onlyFiles: true, expandDirectories: false, absolute });
    if (found.length === 0) unmatched.push(typed);
    for (const path of found) paths.add(path);
  }
  return { paths: [...paths].sort(), unmatched };
}
