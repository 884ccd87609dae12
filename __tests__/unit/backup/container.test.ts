import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { decrypt, encrypt } from '../../../src/backup/container.js';

const key = 'a key of thirty-two characters!!';

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function collect(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

const sealed = (plain: Buffer) => collect(encrypt(inPieces(plain, 50_000), key));
const opened = (bytes: Buffer, as = key) =>
  collect(decrypt(inPieces(bytes, 100_003), { key: as, name: 'FILE' })).catch(
    (error: Error) => error.message,
  );

describe('an encrypted backup', () => {
  // 65,536 bytes are one piece.
  it.each([0, 65_535, 65_536, 65_537, 200_000])('of %i bytes is what it was', async (length) => {
    const plain = randomBytes(length);
    const bytes = await sealed(plain);
    expect(bytes.subarray(0, 20).toString()).toBe('schema-fix backup 1\n');
    expect(await opened(bytes)).toEqual(plain);
  });

  it('is never the same twice', async () => {
    expect(await sealed(Buffer.from('a'))).not.toEqual(await sealed(Buffer.from('a')));
  });

  it('is refused where it is cut anywhere, also between two pieces', async () => {
    const bytes = await sealed(randomBytes(200_000));
    const head = 68;
    const piece = 65_536 + 16;
    const lengths = [
      0,
      30,
      head,
      head + 5,
      head + piece,
      head + piece + 40,
      head + 3 * piece,
      bytes.length - 1,
    ];
    for (const length of lengths) {
      expect(await opened(bytes.subarray(0, length))).toMatch(
        /^FILE: is cut short(:| or damaged (after|in its first) [1-9][\d,]+ bytes)/,
      );
    }
    expect(await opened(bytes.subarray(0, head + piece))).toMatch(/^FILE: is cut short: its end is missing/);
  });

  it('is refused where a byte is another, or a piece is in another place', async () => {
    const bytes = await sealed(randomBytes(200_000));
    for (const at of [25, 60, 70, 100_000, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(await opened(changed)).toMatch(
        /^FILE: (is damaged (after|in its first) [1-9]|is cut short or damaged|the key is not)/,
      );
    }
    const [head, piece] = [68, 65_552];
    const swapped = Buffer.concat([
      bytes.subarray(0, head),
      bytes.subarray(head + piece, head + 2 * piece),
      bytes.subarray(head, head + piece),
      bytes.subarray(head + 2 * piece),
    ]);
    expect(await opened(swapped)).toMatch(/^FILE: is damaged in its first 65,536 bytes/);
    expect(await opened(Buffer.concat([bytes, Buffer.from('x')]))).toMatch(/damaged after/);
  });

  it('tells a key that is not its own', async () => {
    expect(await opened(await sealed(Buffer.from('a')), `${key}!`)).toMatch(
      /^FILE: the key is not the one that it was encrypted with/,
    );
  });
});
