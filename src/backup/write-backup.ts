/**
 * SQL as it comes → the one file of a backup: packed, encrypted where there is a key, on the disk when this returns. It has its
 * name only once it was tried, so that what a killed run leaves is taken for none.
 */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { link, lstat, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { UserError } from '../errors.js';
import { makeFolder } from '../make-folder.js';
import { whyNotWritten } from '../why-not-written.js';
import { encrypt } from './container.js';
import { isSystemError } from './open-backup.js';

export interface WrittenBackup {
  readonly bytes: number;
  /** SHA-256 of the file. */
  readonly digest: string;
}

export interface BackupFile {
  readonly file: string;
  readonly key: string | null;
  /** Bytes that are in the file so far. */
  readonly onBytes: (bytes: number) => void;
}

const ending = '.partial';

/** What a backup is called while it is written and tried. */
export function partialOf(file: string): string {
  return file + ending;
}

export function isPartial(file: string): boolean {
  return file.endsWith(ending);
}

/**
 * What is written is `partialOf(file)`. Nobody but its owner can read it, and none is written over. What was begun is taken
 * away where it could not be ended. Throws a UserError where the file cannot be written, and what the reading throws.
 */
export async function writeBackup(
  sql: AsyncIterable<string | Buffer>,
  { file, key, onBytes }: BackupFile,
): Promise<WrittenBackup> {
  const hash = createHash('sha256');
  let bytes = 0;
  const source: { failure: unknown } = { failure: null };
  async function* measure(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      hash.update(chunk);
      bytes += chunk.length;
      onBytes(bytes);
      yield chunk;
    }
  }
  const partial = partialOf(file);
  await orSay(file, async () => {
    await makeFolder(dirname(file));
    if (await isThere(file)) throw isTaken(file, file);
    const handle = await open(partial, 'wx', 0o600).catch((error: unknown) => {
      throw isCalled(error, 'EEXIST') ? isTaken(file, partial) : error;
    });
    await handle.close();
  });
  try {
    await pipeline(
      Readable.from(noting(sql, source)),
      createGzip(),
      async function* (packed: AsyncIterable<Buffer>) {
        yield* measure(key === null ? packed : encrypt(packed, key));
      },
      createWriteStream(partial, { flags: 'r+', flush: true }),
    );
  } catch (error: unknown) {
    await rm(partial, { force: true });
    // What reads may fail because nobody takes it any more: the disk is then what was wrong.
    throw source.failure === error ? error : unwritable(file, error);
  }
  return { bytes, digest: hash.digest('hex') };
}

/** Once it was tried, it gets its name. Throws a UserError where somebody else's file has it by now. */
export async function keepBackup(file: string): Promise<void> {
  const partial = partialOf(file);
  await orSay(file, async () => {
    try {
      await link(partial, file);
      await rm(partial);
    } catch (error: unknown) {
      // Where there are no links, whether a name is free is seen by looking alone.
      if (isCalled(error, 'EEXIST') || (await isThere(file))) throw isTaken(file, file);
      await rename(partial, file);
    }
  });
}

/** Beside the file: what runs that were killed have left, or others write now. */
export async function listPartial(file: string): Promise<string[]> {
  const folder = dirname(file);
  const names = await readdir(folder).catch(() => []);
  return names
    .filter(
      (name) => isPartial(name) && (name.startsWith('schema-fix-') || name === partialOf(basename(file))),
    )
    .sort()
    .map((name) => join(folder, name));
}

async function isThere(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    (error: unknown) => {
      if (isCalled(error, 'ENOENT')) return false;
      throw error;
    },
  );
}

function isCalled(error: unknown, code: string): boolean {
  return isSystemError(error) && error.code === code;
}

/** Remembers what the reading threw, and only that: an error of the disk is thrown into it from behind. */
async function* noting(
  sql: AsyncIterable<string | Buffer>,
  source: { failure: unknown },
): AsyncGenerator<string | Buffer> {
  const pieces = sql[Symbol.asyncIterator]();
  const read = async () => {
    try {
      return await pieces.next();
    } catch (error: unknown) {
      source.failure = error;
      throw error;
    }
  };
  try {
    for (let next = await read(); next.done !== true; next = await read()) yield next.value;
  } finally {
    await pieces.return?.();
  }
}

async function orSay(file: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error: unknown) {
    throw unwritable(file, error);
  }
}

function unwritable(file: string, error: unknown): unknown {
  if (!isSystemError(error)) return error;
  const why = whyNotWritten[error.code] ?? error.message;
  return new UserError(
    `backup: ${file} cannot be written: ${why}. Name a file that can be written: backup-out. Nothing was begun.`,
    { exitCode: 3, cause: error },
  );
}

function isTaken(file: string, name: string): UserError {
  const why =
    name === file
      ? 'it is there already, and a backup is never written over. Name another file, or move it'
      : `${name} is there already, which a run that was killed has left, or another is writing. It is no backup: take it away, or name another file`;
  return new UserError(`backup: ${file} cannot be written: ${why}. Nothing was begun.`, { exitCode: 3 });
}
