/** A folder in which no migrations were found → the folders in it that hold some, for the sentence that names them. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';

/** What tools make or fetch, and what no migration lies in. */
export const passedOver = /^(\..*|node_modules|vendor|target|build|dist|lib|out|coverage|__tests__|tests?)$/;

const mostFolders = 2000;
const mostDepth = 9;
const mostNamed = 3;

/** The likeliest first, few of them. Links are not followed. */
export async function findFoldersOfSql(root: string): Promise<string[]> {
  const found: { folder: string; files: number }[] = [];
  const waiting = [{ folder: root, depth: 0 }];
  for (let seen = 0; seen < mostFolders; seen += 1) {
    const next = waiting.shift();
    if (next === undefined) break;
    const { folder, depth } = next;
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    const files = entries.filter((entry) => entry.isFile() && /\.sql$|^toc\.dat$/i.test(entry.name));
    const folders = entries.filter((entry) => entry.isDirectory() && !passedOver.test(entry.name));
    // Of a folder a migration, the one that holds them is named.
    const isOfFolder = files.some(({ name }) => ['migration.sql', 'up.sql'].includes(name));
    const named = isOfFolder ? path.dirname(folder) : folder;
    const known = found.find((candidate) => candidate.folder === named);
    if (known !== undefined) known.files += files.length;
    else if (files.length > 0) found.push({ folder: named, files: files.length });
    if (depth < mostDepth) {
      waiting.push(...folders.map(({ name }) => ({ folder: path.join(folder, name), depth: depth + 1 })));
    }
  }
  const isLikely = ({ folder }: { folder: string }) =>
    Number(/migrat|changelog|changes|deploy|schema|committed/i.test(path.relative(root, folder)));
  return found
    .sort((one, other) => isLikely(other) - isLikely(one) || other.files - one.files)
    .slice(0, mostNamed)
    .map(({ folder }) => folder);
}
