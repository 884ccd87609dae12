/** A folder → the files in it that build a database, in the order in which their tool would run them. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { assertConfined } from '../bundle/confine.js';
import { UserError } from '../errors.js';
import { listSqitch } from './list-sqitch.js';
import { listSupabaseProject } from './list-supabase-project.js';
import { type Migration, orderMigrations } from './order-migrations.js';

/** Throws a UserError where nothing in it is recognised. */
export async function listFolder(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  // The directory form of pg_dump is one archive.
  if (names.includes('toc.dat')) {
    for (const name of names) await assertConfined(path.join(folder, name), folder, path.join(folder, name));
    return [folder];
  }
  if (names.includes('supabase')) return listSupabaseProject(path.join(folder, 'supabase'));
  if (names.includes('config.toml') || path.basename(path.resolve(folder)) === 'supabase') {
    return listSupabaseProject(folder);
  }
  return listMigrations(folder);
}

/** Throws a UserError where it holds none. */
export async function listMigrations(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => !entry.name.startsWith('.')).map(({ name }) => name);
  if (names.includes('sqitch.plan')) return listSqitch(folder);
  if (names.includes('meta')) {
    const journal = await listDrizzle(folder);
    if (journal !== null) return journal;
  }
  const migrations: Migration[] = [];
  for (const entry of entries) {
    const shown = path.join(folder, entry.name);
    if (entry.isFile() && /\.sql(\.gz)?$/i.test(entry.name))
      migrations.push({ name: entry.name, path: shown });
    // Prisma: a folder a migration.
    if (entry.isDirectory()) {
      const inside = await readdir(shown);
      const file = ['migration.sql', 'up.sql'].find((name) => inside.includes(name));
      if (file !== undefined) migrations.push({ name: entry.name, path: path.join(shown, file) });
    }
  }
  const ordered = orderMigrations(migrations);
  if (ordered.length > 0) return ordered;
  throw new UserError(
    `${folder}: holds no migrations (NAME.sql, NAME/migration.sql), no archive of pg_dump (toc.dat) and no Supabase project (supabase/, config.toml). Name the folder that does.`,
  );
}

/** Null where `meta` is not Drizzle's. */
async function listDrizzle(folder: string): Promise<string[] | null> {
  const file = path.join(folder, 'meta', '_journal.json');
  await assertConfined(file, folder, file);
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const { entries } = JSON.parse(text) as { entries: { idx: number; tag: string }[] };
    return [...entries]
      .sort((one, other) => one.idx - other.idx)
      .map(({ tag }) => path.join(folder, `${tag}.sql`));
  } catch (error: unknown) {
    throw new UserError(
      `${file}: is not the journal of Drizzle that it is called. Let drizzle-kit write it again.`,
      {
        cause: error,
      },
    );
  }
}
