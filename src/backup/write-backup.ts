/** SQL as it comes → the one file of a backup: packed, encrypted where there is a key, on the disk when this returns. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
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

/**
 * Nobody but its owner can read the file, and none is written over. What was begun is taken away where it could not be
 * ended. Throws a UserError where the file cannot be written, and what the reading throws.
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
  await orSay(file, async () => {
    await makeFolder(dirname(file));
    await (await open(file, 'wx', 0o600)).close();
  });
  try {
    await pipeline(
      Readable.from(noting(sql, source)),
      createGzip(),
      async function* (packed: AsyncIterable<Buffer>) {
        yield* measure(key === null ? packed : encrypt(packed, key));
      },
      createWriteStream(file, { flags: 'r+', flush: true }),
    );
  } catch (error: unknown) {
    await rm(file, { force: true });
    // What reads may fail because nobody takes it any more: the disk is then what was wrong.
    throw source.failure === error ? error : unwritable(file, error);
  }
  return { bytes, digest: hash.digest('hex') };
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
  const { code } = error;
  const isThere = code === 'EEXIST';
  const why = isThere
    ? 'it is there already, and a backup is never written over'
    : (whyNotWritten[code] ?? error.message);
  const remedy = isThere ? 'Name another file, or move it' : 'Name a file that can be written: backup-out';
  return new UserError(`backup: ${file} cannot be written: ${why}. ${remedy}. Nothing was begun.`, {
    exitCode: 3,
    cause: error,
  });
}
