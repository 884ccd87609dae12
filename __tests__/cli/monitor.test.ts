/** A log that is larger than the memory that `monitor` has: packed, so that it takes no room on the disk either. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { expect, it } from '@jest/globals';
import { runCli } from '../support/run-cli.js';
import { triesEverything } from '../support/some-of.js';

/** A member of a gzip file; several of them one behind the other are one log. */
const tenThousand = (time: string) =>
  zlib.gzipSync(
    `2026-11-26 ${time} UTC [7] LOG:  duration: 0.5 ms  statement: insert into chat_messages (content) values ('Anna Muster')\n`.repeat(
      10_000,
    ),
  );

it('reads a log of any size in 64 MB', async () => {
  // A member is 1.2 MB of text: 80 MB by default, 1 GB where everything is tried.
  const members = triesEverything ? 415 : 33;
  const folder = await mkdtemp(path.join(tmpdir(), 'logs-'));
  try {
    const file = path.join(folder, 'server.log.gz');
    const [before, after] = [tenThousand('20:00:00'), tenThousand('22:00:00')];
    await writeFile(file, Buffer.concat([...Array(members).fill(before), ...Array(members).fill(after)]));
    const words = [
      'monitor',
      '--bundle',
      'chat-schema-fix',
      '--logs',
      file,
      '--deployed-at',
      '2026-11-26T21:00:00Z',
    ];
    const { exitCode, stdout, stderr } = await runCli(words, { NODE_OPTIONS: '--max-old-space-size=64' });
    const sent = new Intl.NumberFormat('en').format(members * 10_000);
    expect(stderr).toBe('');
    expect(stdout).toContain(`100 % (${sent} of ${sent})  100 % (${sent} of ${sent})`);
    expect(exitCode).toBe(0);
  } finally {
    await rm(folder, { recursive: true });
  }
}, 600_000);
