/** The folder `supabase` of a project → what `supabase db reset` would run: roles, migrations (or declared schemas), seeds. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'smol-toml';
import { escapePath } from 'tinyglobby';
import { z } from 'zod';

import { assertConfined } from '../bundle/confine.js';
import { findFiles } from '../bundle/find-files.js';
import { some } from '../counted.js';
import { UserError } from '../errors.js';
import { booleanOrEnvironment, numberOrEnvironment, textOrEnvironment } from './config-environment.js';
import { orderByName } from './order-migrations.js';

/** What of config.toml says which files there are; the defaults are those of the Supabase CLI. */
const configShape = z.object({
  db: z
    .object({
      major_version: numberOrEnvironment.optional(),
      migrations: z
        .object({
          enabled: booleanOrEnvironment.default(true),
          schema_paths: z.array(textOrEnvironment).default([]),
        })
        .prefault({}),
      seed: z
        .object({
          enabled: booleanOrEnvironment.default(true),
          sql_paths: z.array(textOrEnvironment).default(['./seed.sql']),
        })
        .prefault({}),
    })
    .prefault({}),
});

export async function listSupabaseProject(folder: string): Promise<string[]> {
  const { migrations, seed } = (await readConfig(folder)).db;
  const roles = await glob(folder, ['roles.sql']);
  const migrated = migrations.enabled ? await listNumbered(path.join(folder, 'migrations')) : [];
  // Declared schemas are what migrations are made from: where there are migrations, they say it all.
  const declared = migrations.schema_paths.length > 0 ? migrations.schema_paths : ['./schemas/**/*.sql'];
  const schema = migrated.length > 0 ? migrated : await glob(folder, declared);
  if (schema.length === 0) {
    throw new UserError(
      `${folder}: has neither migrations/NUMBER_name.sql nor schemas. ${sayWhatElse(await listLoose(folder))}`,
    );
  }
  const seeds = seed.enabled ? await glob(folder, seed.sql_paths) : [];
  return [...roles, ...schema, ...seeds];
}

/** The major that the project says its database has; null: it says none. */
export async function readMajor(folder: string): Promise<number | null> {
  return (await readConfig(folder)).db.major_version ?? null;
}

async function readConfig(folder: string): Promise<z.infer<typeof configShape>> {
  const file = path.join(folder, 'config.toml');
  await assertConfined(file, folder, file);
  const text = await readFile(file, 'utf8').catch(() => '');
  try {
    return configShape.parse(parse(text));
  } catch (error: unknown) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new UserError(`${file}: cannot be read: ${reason}. Put it right, or name the files themselves.`, {
      cause: error,
    });
  }
}

/** By name, as the CLI does; it passes over files without a number, and over those of Lovable, which writes a hyphen behind it and runs them itself. */
async function listNumbered(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const numbered = names.filter((name) => /^\d+[-_].*\.sql$/.test(name));
  return orderByName(numbered.map((name) => ({ name, path: path.join(folder, name) })));
}

/** What people run by hand in the SQL editor, in the order in which that is mostly done. */
async function listLoose(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const below of [folder, path.join(folder, 'migrations')]) {
    const names = await readdir(below).catch(() => []);
    found.push(...names.filter((name) => /\.sql$/i.test(name)).map((name) => path.join(below, name)));
  }
  const rank = (file: string) => {
    const name = path.basename(file);
    if (/seed|sample|fixture/i.test(name)) return 3;
    if (/rls|polic/i.test(name)) return 2;
    return /schema|table|init|setup|create|^db\b/i.test(name) ? 0 : 1;
  };
  return found.sort((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1));
}

const mostNamed = 8;

function sayWhatElse(loose: readonly string[]): string {
  if (loose.length === 0) return 'Pull the schema first (supabase db pull), or name a dump.';
  return `Nothing says in which order its SQL was run. Name the files in that order, each for itself, perhaps ${some(loose, mostNamed, ' ')}; or pull the schema (supabase db pull), or name a dump or the address of the database.`;
}

/** Paths count from the folder; a pattern that matches nothing gives nothing, as with the CLI. */
async function glob(folder: string, patterns: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const pattern of patterns) {
    const { paths } = await findFiles([
      path.posix.join(escapePath(folder.replaceAll(path.sep, '/')), pattern),
    ]);
    for (const file of paths) if (!found.includes(file)) found.push(file);
  }
  return found;
}
