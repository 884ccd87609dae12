/** A log file, plain or packed → its lines, of which a very long one is cut. Nothing is held but the line under way. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, type Transform } from 'node:stream';
import zlib from 'node:zlib';
import { UserError } from '../errors.js';

export interface LogLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  /** Of the whole line, also where it was cut: whether its quotes are an odd number. */
  readonly hasOddQuotes: boolean;
  /** Whether more stood in it than is here. */
  readonly isCut: boolean;
  /** Whether its line end was there: the last line of a log that is being written may have none. */
  readonly isWhole: boolean;
}

/** Thrown after the lines that could be read. */
export class DamagedLog extends Error {}

/** A statement may be of any size; what tells the error and the tables stands at its beginning. */
const longestLine = 64 * 1024;
const chunkSize = 256 * 1024;

const gzipMagic = Buffer.from([0x1f, 0x8b]);
const zstdMagic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** Throws a UserError where the file cannot be read at all, and a DamagedLog where it ends too soon. */
export async function* openLog(path: string): AsyncGenerator<LogLine> {
  yield* splitLines(unpack(path, await readMagic(path)));
}

async function readMagic(path: string): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error: unknown) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`logs: ${path} cannot be read: ${reason}.`, { cause: error });
  }
}

async function* unpack(path: string, magic: Buffer): AsyncGenerator<Buffer> {
  const bytes = createReadStream(path, { highWaterMark: chunkSize });
  const unpacker = unpackerFor(path, magic);
  if (unpacker === null) return yield* bytes;
  try {
    // An error of either ends the reading of the other, and reaches us where we read.
    yield* pipeline(bytes, unpacker, () => undefined);
  } catch (error: unknown) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DamagedLog(`${path} cannot be unpacked to its end: ${reason}`, { cause: error });
  }
}

function unpackerFor(path: string, magic: Buffer): Transform | null {
  if (magic.subarray(0, 2).equals(gzipMagic)) return zlib.createGunzip();
  if (!magic.equals(zstdMagic)) return null;
  // Node's own from 22.15 and 23.8 on.
  const { createZstdDecompress } = zlib as { createZstdDecompress?: () => Transform };
  if (createZstdDecompress !== undefined) return createZstdDecompress();
  throw new UserError(
    `logs: ${path} is packed with zstd, which this Node ${process.version} cannot unpack. Run Node 24, as the action does, or unpack it first: zstd -d ${path}.`,
  );
}

async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<LogLine> {
  let number = 0;
  let parts: Buffer[] = [];
  let length = 0;
  let quotes = 0;
  let isCut = false;
  const take = (piece: Buffer) => {
    for (let at = piece.indexOf(quote); at >= 0; at = piece.indexOf(quote, at + 1)) quotes += 1;
    const room = longestLine - length;
    if (piece.length > room) isCut = true;
    if (room <= 0) return;
    // A copy: the piece would keep its whole chunk in memory.
    parts.push(piece.length > room ? Buffer.from(piece.subarray(0, room)) : piece);
    length += Math.min(piece.length, room);
  };
  const finish = (isWhole: boolean): LogLine => {
    number += 1;
    const bytes = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
    const text = bytes.toString('utf8');
    const line = {
      number,
      text: text.endsWith('\r') ? text.slice(0, -1) : text,
      hasOddQuotes: quotes % 2 === 1,
      isCut,
      isWhole,
    };
    parts = [];
    length = 0;
    quotes = 0;
    isCut = false;
    return line;
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(lineEnd); end >= 0; end = chunk.indexOf(lineEnd, from)) {
      take(chunk.subarray(from, end));
      yield finish(true);
      from = end + 1;
    }
    if (from < chunk.length) take(chunk.subarray(from));
  }
  if (length > 0) yield finish(false);
}

const lineEnd = 10;
const quote = 34;
