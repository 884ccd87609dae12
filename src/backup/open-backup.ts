/** The file of a backup → its SQL as bytes: decrypted and unpacked as it is read, and checked to its end. */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { UserError } from '../errors.js';
import { cutShort, decrypt, magic } from './container.js';
import { noBackup } from './header.js';

/** Throws a UserError that says what is wrong with the file, or with the key. */
export async function* openBackup(path: string, key: string | null): AsyncGenerator<Buffer> {
  const packed = readPacked(path, key);
  const unpacked = pipeline(packed, createGunzip(), () => undefined);
  try {
    yield* unpacked;
  } catch (error: unknown) {
    throw describeFailure(error, path);
  }
}

async function* readPacked(path: string, key: string | null): AsyncGenerator<Buffer> {
  const bytes = createReadStream(path, { highWaterMark: 256 * 1024 });
  const chunks = bytes[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const head = await chunks.next();
  const first = head.done === true ? Buffer.alloc(0) : head.value;
  const all = startingWith(first, chunks);
  if (first.subarray(0, magic.length).equals(magic)) {
    if (key === null) {
      throw new UserError(
        `${path}: is encrypted. Give the key that it was encrypted with: SCHEMA_FIX_BACKUP_KEY in the environment, or backup-key.`,
      );
    }
    yield* decrypt(all, { key, name: path });
  } else if (first.subarray(0, 2).toString('hex') === '1f8b') {
    yield* all;
  } else if (first.length < magic.length && magic.subarray(0, first.length).equals(first)) {
    throw cutShort(path);
  } else {
    throw noBackup(path);
  }
}

async function* startingWith(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

function describeFailure(error: unknown, path: string): unknown {
  if (!isSystemError(error)) return error;
  const { code, message } = error;
  if (code === 'Z_BUF_ERROR') return cutShort(path);
  if (code.startsWith('Z_')) {
    return new UserError(`${path}: is damaged (${message}). Take another copy of the file.`, {
      cause: error,
    });
  }
  if (code === 'ENOENT') {
    return new UserError(`${path}: there is no such file. Paths count from ${process.cwd()}.`, {
      cause: error,
    });
  }
  if (code === 'EISDIR') {
    return new UserError(`${path}: is a folder. Give the file of the backup.`, { cause: error });
  }
  return new UserError(`${path}: cannot be read: ${message}.`, { exitCode: 3, cause: error });
}

/** What node throws of files and packed data. */
export function isSystemError(error: unknown): error is { readonly code: string; readonly message: string } {
  return typeof error === 'object' && error !== null && 'code' in error && 'errno' in error;
}
