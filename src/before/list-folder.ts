/** A folder → the files in it that build a database, in the order in which their tool would run them. */
import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { assertConfined } from '../bundle/confine.js';
import { some } from '../counted.js';
import { UserError } from '../errors.js';
import { findFoldersOfSql } from './find-folders-of-sql.js';
import { fromCheckpoint } from './from-checkpoint.js';
import { listSqitch } from './list-sqitch.js';
import { listSupabaseProject } from './list-supabase-project.js';
import {
  findUnnumbered,
  findWithoutUp,
  isOfFlyway,
  type Migration,
  orderByName,
  orderMigrations,
} from './order-migrations.js';

/** Throws a UserError where nothing in it is recognised. `apart`: what is given for itself, as full paths. */
export async function listFolder(folder: string, apart: ReadonlySet<string>): Promise<string[]> {
  const names = await readdir(folder);
  // The directory form of pg_dump is one archive.
  if (names.includes('toc.dat')) {
    for (const name of names) await assertConfined(path.join(folder, name), folder, path.join(folder, name));
    return [folder];
  }
  if (names.some((name) => /^sqitch\.(plan|conf)$/.test(name))) {
    const planned = await listSqitch(folder);
    if (planned !== null) return planned;
  }
  if (names.includes('supabase')) return listSupabaseProject(path.join(folder, 'supabase'));
  if (names.includes('config.toml') || path.basename(path.resolve(folder)) === 'supabase') {
    return listSupabaseProject(folder);
  }
  return listMigrations(folder, apart);
}

/** Throws a UserError where it holds none, or not all of them are SQL. */
async function listMigrations(folder: string, apart: ReadonlySet<string>): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => !entry.name.startsWith('.')).map(({ name }) => name);
  if (['deploy', 'revert'].every((name) => names.includes(name))) {
    throw new UserError(
      `${folder}: holds deploy and revert, as sqitch has them, and no sqitch.plan, which says their order. Name the folder in which sqitch.plan or sqitch.conf is.`,
    );
  }
  if (names.includes('meta')) {
    const journal = await listDrizzle(folder);
    if (journal !== null) return journal;
  }
  // graphile-migrate: what stands beside it are its hooks and what is being written.
  if (entries.some((entry) => entry.isDirectory() && entry.name === 'committed')) {
    return listMigrations(path.join(folder, 'committed'), apart);
  }
  if (names.includes('migration_lock.toml')) await assertPrismaOfPostgres(folder);
  const migrations: Migration[] = [];
  for (const entry of entries) {
    const shown = path.join(folder, entry.name);
    if (entry.isFile() && isOfSql.test(entry.name)) migrations.push({ name: entry.name, path: shown });
    // Prisma: a folder a migration.
    if (entry.isDirectory()) {
      const inside = await readdir(shown);
      const file = ['migration.sql', 'up.sql'].find((name) => inside.includes(name));
      if (file !== undefined) migrations.push({ name: entry.name, path: path.join(shown, file) });
    }
  }
  if (migrations.some(({ name }) => isOfFlyway(name))) migrations.push(...(await listBelow(entries, folder)));
  assertNoPrograms(folder, names);
  const byNumber = orderMigrations(migrations);
  const ordered = (await isOfDbmate(byNumber)) ? orderByName(migrations) : byNumber;
  if (names.includes('atlas.sum')) return fromCheckpoint(ordered);
  const isBySelf = (odd: Migration) => apart.has(path.resolve(odd.path));
  assertOrdered(
    folder,
    findUnnumbered(migrations).filter((odd) => !isBySelf(odd)),
  );
  assertAllUp(
    folder,
    findWithoutUp(migrations).filter((odd) => !isBySelf(odd)),
  );
  if (ordered.length > 0) return ordered;
  throw new UserError(
    `${folder}: holds no migrations (NAME.sql, NAME/migration.sql), no archive of pg_dump (toc.dat) and no Supabase project (supabase/, config.toml). ${sayWhereSqlIs(await findFoldersOfSql(folder))}`,
  );
}

/** Only its own files say where what they do begins; other files of the folder are larger than that it would be said in them. */
async function isOfDbmate(files: readonly string[]): Promise<boolean> {
  for (const file of files) {
    if (!/\.sql$/i.test(file) || !(await stat(file)).isFile() || (await stat(file)).size > 1_000_000)
      continue;
    if (/^--\s*migrate:up\b/m.test(await readFile(file, 'utf8'))) return true;
  }
  return false;
}

const mostNamed = 3;

function assertOrdered(folder: string, unnumbered: readonly Migration[]): void {
  const [first] = unnumbered;
  if (first === undefined) return;
  const names = unnumbered.map(({ name }) => name);
  const it = unnumbered.length === 1 ? 'it is' : 'they are';
  throw new UserError(
    `${folder}: holds ${some(names, mostNamed)}, without a number, beside files with one, and nothing says when ${it} run. Give each such file for itself, before the folder or after it (--before ${first.path} --before ${folder}); one that is not run belongs elsewhere.`,
  );
}

function assertAllUp(folder: string, withoutUp: readonly Migration[]): void {
  if (withoutUp.length === 0) return;
  const names = withoutUp.map(({ name }) => name);
  throw new UserError(
    `${folder}: holds ${some(names, mostNamed)} beside files of .up.sql: sqlx runs such a file, golang-migrate passes over it. Call it NAME.up.sql if it is run; one that is not run belongs elsewhere.`,
  );
}

/** Flyway looks into the folders of its folder, too, and passes over what has no name of its own kind. */
async function listBelow(entries: readonly Dirent[], folder: string): Promise<Migration[]> {
  const found: Migration[] = [];
  for (const entry of entries) {
    if (!entry.isDirectory()) continue;
    const below = path.join(folder, entry.name);
    const inside = await readdir(below, { withFileTypes: true });
    const names = inside.filter((file) => file.isFile()).map(({ name }) => name);
    assertNoPrograms(below, names);
    const sql = names.filter((name) => /\.sql$/i.test(name));
    found.push(...sql.map((name) => ({ name, path: path.join(below, name) })));
    found.push(...(await listBelow(inside, below)));
  }
  return found;
}

function sayWhereSqlIs(found: readonly string[]): string {
  return found.length === 0
    ? 'Name the folder that does.'
    : `Name the folder that does; SQL is in ${found.join(', ')}.`;
}

/** Migrations of a folder, also where they are packed in a way that is refused: what is passed over would be missing. */
const isOfSql = /\.sql(\.(gz|zst|xz|bz2|zip))?$/i;

/** Numbered as all tools have them, as SeaORM, MikroORM and Doctrine do, or a script among those that Docker's images of Postgres run. */
const program =
  /^([Vm]?\d+[._-]|[0-9a-f]{12}_|(Migration|Version)\d+).*\.([cm]?[jt]s|py|rb|go|rs|java|kt|scala|groovy|clj|edn|php|exs|cs|pl|sh)$/;

/** Of Liquibase: it says which files are run, and in which order. */
const changelog = /^(?:.*[._-])?changelog\b.*\.(xml|ya?ml|json)$/i;

/** Knex, TypeORM, Rails, Alembic and their like, or one such among SQL: without it the database would be another. */
function assertNoPrograms(folder: string, names: readonly string[]): void {
  const found = names.find(
    (name) =>
      (program.test(name) || changelog.test(name)) &&
      !/\.d\.ts$|[._](test|spec)\.\w+$|\.Designer\.cs$/.test(name),
  );
  if (found === undefined) return;
  throw new UserError(
    `${path.join(folder, found)}: is a migration that is a program, which only its tool runs. Let the tool run all migrations on an empty database, and give before its address (postgres://…) or a dump of it.`,
  );
}

async function assertPrismaOfPostgres(folder: string): Promise<void> {
  const file = path.join(folder, 'migration_lock.toml');
  await assertConfined(file, folder, file);
  const text = await readFile(file, 'utf8').catch(() => '');
  assertOfPostgres(file, 'Prisma', /^\s*provider\s*=\s*"(\w+)"/m.exec(text)?.[1]);
}

function assertOfPostgres(file: string, tool: string, database: unknown): void {
  if (typeof database !== 'string' || /^(pg|postgres|postgresql|cockroachdb)$/i.test(database)) return;
  throw new UserError(
    `${file}: says that these migrations of ${tool} are for ${database}. before takes what Postgres can read.`,
  );
}

/** Null where `meta` is not Drizzle's. */
async function listDrizzle(folder: string): Promise<string[] | null> {
  const file = path.join(folder, 'meta', '_journal.json');
  await assertConfined(file, folder, file);
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const { entries, dialect } = JSON.parse(text) as {
      entries: { tag: string }[];
      dialect?: unknown;
    };
    assertOfPostgres(file, 'Drizzle', dialect);
    // As they stand: its migrator looks at no number.
    return entries.map(({ tag }) => path.join(folder, `${tag}.sql`));
  } catch (error: unknown) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      `${file}: is not the journal of Drizzle that it is called. Let drizzle-kit write it again.`,
      {
        cause: error,
      },
    );
  }
}
