/** Globs of somebody's SQL files → the one state that they build together. */
import { UserError } from '../errors.js';
import type { SqlFile, State } from '../model.js';
import { findFiles } from './find-files.js';
import { readText } from './read-text.js';

/** Paths count from the working directory. Throws a UserError for every glob that matches no file. */
export async function loadBefore(globs: readonly string[]): Promise<State> {
  const { paths, unmatched } = await findFiles(globs);
  if (unmatched.length > 0) {
    throw new UserError(
      `before: no file matches ${unmatched.join(', ')}. Paths count from ${process.cwd()}.`,
    );
  }
  const files: SqlFile[] = [];
  for (const path of paths) files.push(await readDump(path));
  return {
    name: 'before',
    title: files.length === 1 ? `The schema of ${files[0]?.path}` : `The schema of ${files.length} files`,
    platform: null,
    deployer: null,
    expectation: { kind: 'pass' },
    quarantine: null,
    files,
  };
}

/** pg_dump since August 2025 guards its scripts with these two commands of psql. */
const onlyForPsql = /^\\(un)?restrict .*$/gm;

/** `pg_dump --schema public` makes and describes what every database has, as only its owner may. */
const aboutPublic = /^(CREATE SCHEMA public;|COMMENT ON SCHEMA public IS 'standard public schema';)$/gm;

async function readDump(path: string): Promise<SqlFile> {
  const text = await readText(path, path);
  const copy = text.split('\n').findIndex((line) => /^copy\s.*\sfrom\s+stdin/i.test(line));
  if (copy >= 0) {
    throw new UserError(
      `${path}:${copy + 1}: holds rows as COPY data, which only psql can read. Dump them with pg_dump --inserts.`,
    );
  }
  return { path, text: text.replace(onlyForPsql, '').replace(aboutPublic, '') };
}
