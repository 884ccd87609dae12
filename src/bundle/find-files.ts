/** Globs as somebody typed them → the files that they match. */
import { isAbsolute } from 'node:path';
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
  for (const pattern of globs) {
    const absolute = isAbsolute(pattern);
    const found = await glob(pattern, { onlyFiles: true, expandDirectories: false, absolute });
    if (found.length === 0) unmatched.push(pattern);
    for (const path of found) paths.add(path);
  }
  return { paths: [...paths].sort(), unmatched };
}
