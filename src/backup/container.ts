/**
 * An encrypted backup as a stream, and back. The format, once and for all (version 1):
 *
 * 1. 20 bytes: `schema-fix backup 1` and a line feed.
 * 2. 16 bytes: the salt. scrypt (N 32768, r 8, p 1) makes 64 bytes of it and of the key as UTF-8: 32 that encrypt, 32 that seal.
 * 3. 32 bytes: HMAC-SHA256 of all that is before it, with what seals. It tells a wrong key from a damaged file.
 * 4. Pieces of 65,536 bytes, the last one shorter or as long: each encrypted with AES-256-GCM and followed by its tag of 16 bytes.
 *    The nonce is the number of the piece, from 0, as 11 bytes, big end first, and one byte more: 1 for the last, 0 for others.
 *
 * A piece that is changed, moved or missing, and an end that comes early, is found by a tag that does not fit.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  randomBytes,
  scrypt,
  timingSafeEqual,
} from 'node:crypto';
import { count } from '../counted.js';
import { UserError } from '../errors.js';

export const magic = Buffer.from('schema-fix backup 1\n', 'latin1');
const saltBytes = 16;
const sealBytes = 32;
const tagBytes = 16;
const pieceBytes = 65_536;
const headBytes = magic.length + saltBytes + sealBytes;

interface Keys {
  readonly encrypting: Buffer;
  readonly sealing: Buffer;
}

export async function* encrypt(plain: AsyncIterable<Buffer>, key: string): AsyncGenerator<Buffer> {
  const head = Buffer.concat([magic, randomBytes(saltBytes)]);
  const keys = await deriveKeys(key, head.subarray(magic.length));
  yield Buffer.concat([head, seal(keys, head)]);
  const pieces = cut(plain, pieceBytes);
  let number = 0;
  for await (const { bytes, isLast } of pieces) {
    const cipher = createCipheriv('aes-256-gcm', keys.encrypting, nonceOf(number, isLast));
    yield Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
    number += 1;
  }
}

/** Throws a UserError, which names the file, where the key is another or a byte is not what it was. Nothing is given before its tag fits. */
export async function* decrypt(
  bytes: AsyncIterable<Buffer>,
  { key, name }: { readonly key: string; readonly name: string },
): AsyncGenerator<Buffer> {
  let keys: Keys | null = null;
  let number = 0;
  for await (const { bytes: piece, isLast } of cut(bytes, pieceBytes + tagBytes, headBytes)) {
    if (keys === null) {
      keys = await openHead(piece, { key, name });
      // Whoever writes ends with a piece, also where that is empty.
      if (isLast) throw cutShort(name);
      continue;
    }
    const plain = open(keys, piece, nonceOf(number, isLast));
    if (plain === null) throw whyUnopened(keys, piece, { number, isLast, name });
    yield plain;
    number += 1;
  }
  if (keys === null) throw cutShort(name);
}

async function openHead(head: Buffer, { key, name }: { key: string; name: string }): Promise<Keys> {
  if (head.length < headBytes) throw cutShort(name);
  const salted = head.subarray(0, magic.length + saltBytes);
  const keys = await deriveKeys(key, salted.subarray(magic.length));
  if (timingSafeEqual(seal(keys, salted), head.subarray(salted.length))) return keys;
  throw new UserError(
    `${name}: the key is not the one that it was encrypted with, or its first bytes are damaged. Give the key of that time.`,
  );
}

function whyUnopened(
  keys: Keys,
  piece: Buffer,
  { number, isLast, name }: { number: number; isLast: boolean; name: string },
): UserError {
  const isWhole = isLast && open(keys, piece, nonceOf(number, false)) !== null;
  if (isWhole) return cutShort(name);
  const where =
    number === 0 ? `in its first ${count(pieceBytes)} bytes` : `after ${count(number * pieceBytes)} bytes`;
  return isLast
    ? new UserError(`${name}: is cut short or damaged ${where}. Take another copy of the file.`)
    : new UserError(`${name}: is damaged ${where}. Take another copy of the file.`);
}

export function cutShort(name: string): UserError {
  return new UserError(`${name}: is cut short: its end is missing. Take another copy of the file.`);
}

function open({ encrypting }: Keys, piece: Buffer, nonce: Buffer): Buffer | null {
  if (piece.length < tagBytes) return null;
  const decipher = createDecipheriv('aes-256-gcm', encrypting, nonce, { authTagLength: tagBytes });
  decipher.setAuthTag(piece.subarray(piece.length - tagBytes));
  try {
    return Buffer.concat([decipher.update(piece.subarray(0, piece.length - tagBytes)), decipher.final()]);
  } catch {
    return null;
  }
}

function seal({ sealing }: Keys, head: Buffer): Buffer {
  return createHmac('sha256', sealing).update(head).digest();
}

function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(number, 5, 6);
  nonce.writeUInt8(isLast ? 1 : 0, 11);
  return nonce;
}

function deriveKeys(key: string, salt: Buffer): Promise<Keys> {
  const cost = { N: 32_768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
  return new Promise((resolve, reject) => {
    scrypt(Buffer.from(key, 'utf8'), salt, 64, cost, (error, both) => {
      if (error) reject(error);
      else resolve({ encrypting: both.subarray(0, 32), sealing: both.subarray(32) });
    });
  });
}

/** Pieces of one size, after a first one of another; the last may be shorter, and empty where it is the only one. */
async function* cut(
  chunks: AsyncIterable<Buffer>,
  size: number,
  first = size,
): AsyncGenerator<{ readonly bytes: Buffer; readonly isLast: boolean }> {
  let held: Buffer[] = [];
  let length = 0;
  let wanted = first;
  for await (const chunk of chunks) {
    held.push(chunk);
    length += chunk.length;
    // What fills a piece may be the end: it waits for one byte more.
    while (length > wanted) {
      const all = Buffer.concat(held);
      yield { bytes: all.subarray(0, wanted), isLast: false };
      held = [all.subarray(wanted)];
      length -= wanted;
      wanted = size;
    }
  }
  yield { bytes: Buffer.concat(held), isLast: true };
}
