/** The first line of a backup: what it is of, and what has to be in a database once it is restored. A comment, for whoever runs it by psql. */
import { z } from 'zod';
import { UserError } from '../errors.js';

const header = z.object({
  kind: z.enum(['dump', 'copy']),
  takenAt: z.iso.datetime(),
  /** The project, or `HOST:PORT/DATABASE`. */
  place: z.string(),
  serverVersion: z.string(),
  /** Whose schemas are not in it, though its rows are keyed to them. */
  host: z.literal('supabase').nullable(),
  /** Roles of the server that something in the database names. */
  roles: z.array(z.string()),
  tables: z.array(
    z.object({
      /** As SQL names it. */
      name: z.string(),
      /** Those that are compared, as SQL names them. */
      columns: z.array(z.string()),
      rows: z.number().int().nonnegative(),
      digest: z.string(),
    }),
  ),
  missing: z.array(z.object({ what: z.string(), why: z.string() })),
});

export type BackupHeader = z.infer<typeof header>;
export type BackedUpTable = BackupHeader['tables'][number];

const beginning = '-- schema-fix backup 1 ';

/** Longer than any: so much is read of what is no backup before that is said. */
const longest = 64 * 1024 * 1024;

export function renderHeader(content: BackupHeader): string {
  return `${beginning}${JSON.stringify(content)}\n`;
}

/** Throws a UserError where the text does not begin with one. */
export async function readHeader(text: AsyncIterable<string>, name: string): Promise<BackupHeader> {
  let line = '';
  for await (const piece of text) {
    line += piece;
    const isOther = !line.startsWith(beginning.slice(0, line.length));
    if (line.includes('\n') || isOther || line.length > longest) break;
  }
  const [first = ''] = line.split('\n', 1);
  if (!first.startsWith(beginning)) throw noBackup(name);
  try {
    return header.parse(JSON.parse(first.slice(beginning.length)));
  } catch (error: unknown) {
    throw new UserError(
      `${name}: its first line is not what schema-fix writes there, so it was changed. Take another copy of the file.`,
      {
        cause: error,
      },
    );
  }
}

export function noBackup(name: string): UserError {
  return new UserError(
    `${name}: is not a backup of schema-fix. What pg_dump wrote is restored by psql, its archives by pg_restore.`,
  );
}
