/** What `monitor` says of logs that a real Postgres wrote (scripts/write-log-fixtures.mjs), and of what is no such log. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { readBundle } from '../../../src/locate-bundle.js';
import { createEventReader } from '../../../src/logs/recognise-event.js';
import { renderPageOnConsole } from '../../../src/report/watch/render-console.js';
import { renderPage } from '../../../src/report/watch/render-markdown.js';
import type { MonitorSettings } from '../../../src/settings/settings.js';
import { describe as describePage } from '../../../src/watch-over.js';
import type { MonitorReport } from '../../../src/watched.js';
import { monitor } from '../../../src/watching/monitor.js';

const fixtures = path.resolve(import.meta.dirname, '../../fixtures/logs');
const written = (name: string) => readFile(path.join(fixtures, name), 'utf8');

const shipped = readBundle({ bundle: null, given: [] });

async function monitorAs(overrides: Partial<MonitorSettings>, minutes = 0): Promise<MonitorReport> {
  const bundle = await shipped;
  const deployedAt = new Date((await written('deployed-at.txt')).trim());
  return monitor(
    {
      command: 'monitor',
      bundle: null,
      logs: [],
      log: { prefix: null, zone: null },
      supabase: null,
      deployedAt,
      databaseUrl: null,
      databaseCa: null,
      since: null,
      files: { json: null, markdown: null, html: null, junit: null },
      ...overrides,
    },
    { ...bundle, monitor: { ...bundle.monitor, minutes } },
    { signal: new AbortController().signal },
  );
}

/** A log of one's own, in a file. */
async function monitorText(text: string | Buffer, overrides: Partial<MonitorSettings> = {}, minutes = 0) {
  const folder = await mkdtemp(path.join(tmpdir(), 'logs-'));
  try {
    const file = path.join(folder, 'server.log');
    await writeFile(file, text);
    return await monitorAs({ logs: [file], ...overrides }, minutes);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const deployedAt = new Date('2026-11-26T21:00:00Z');
const line = (time: string, rest: string) => `2026-11-26 ${time} UTC [7] ${rest}\n`;
const sent = (time: string) =>
  line(time, "LOG:  duration: 0.5 ms  statement: insert into chat_messages (content) values ('Anna Muster')");
const refused = (time: string, table = 'chat_messages') =>
  line(time, `ERROR:  new row violates row-level security policy for table "${table}"`) +
  line(time, `STATEMENT:  insert into ${table} (content) values ('Anna Muster')`);
const idle = (time: string) => line(time, 'LOG:  checkpoint starting: time');

describe.each([['postgres.stderr'], ['postgres.csv'], ['postgres.json']])('%s of a real Postgres', (name) => {
  it('says which errors there were, that they are gone, and how much was done, exactly', async () => {
    const { verdict, monitor: found } = await monitorAs({ logs: [path.join(fixtures, name)] });
    const counts = found.signatures.map(({ signature, before, after }) => [
      signature,
      before.count,
      after.count,
    ]);
    expect(counts).toEqual([
      ['42501', 5, 0],
      ['23505', 2, 0],
      ['23503', 3, 0],
      ['42P17', 7, 0],
    ]);
    expect(found.rates.map(({ title, before, after }) => [title, before, after])).toEqual([
      ['Message delivery', { done: 4, failed: 10 }, { done: 6, failed: 0 }],
      ['Group creation', { done: 0, failed: 0 }, { done: 1, failed: 0 }],
    ]);
    expect(
      found.groups.map(({ code, before, after, isExpected }) => [code, before, after, isExpected]),
    ).toEqual([
      ['23505', 0, 2, true],
      ['42P17', 7, 0, false],
      ['42501', 5, 0, false],
      ['23503', 3, 0, false],
      ['23505', 2, 0, false],
    ]);
    expect(found.slowest.map(({ before, after }) => [before.calls, after.calls])).toEqual(
      expect.arrayContaining([
        [4, 6],
        [0, 5],
      ]),
    );
    expect([verdict, found.reasons]).toEqual(['pass', []]);
  });

  it('is not enough where it tells of less time than the manifest asks for', async () => {
    const { verdict, monitor: found } = await monitorAs({ logs: [path.join(fixtures, name)] }, 60);
    expect(verdict).toBe('not proven');
    expect(found.reasons).toEqual([expect.stringContaining('the manifest asks for 60')]);
  });

  it('shows nothing of what somebody wrote', async () => {
    const report = await monitorAs({ logs: [path.join(fixtures, name)] });
    const page = describePage(report);
    const told =
      JSON.stringify(report) +
      renderPage(page, { context: null, budget: null }) +
      renderPageOnConsole(page, { isColored: false, columns: 160 });
    expect(await written(name)).toMatch(/Muster/);
    expect(told).not.toMatch(/Muster|secret|4711|goes through/);
  });

  it.each([
    ['gzip', zlib.gzipSync],
    ...('zstdCompressSync' in zlib ? [['zstd', zlib.zstdCompressSync as typeof zlib.gzipSync] as const] : []),
  ])('is read packed with %s', async (_, pack) => {
    const report = await monitorText(pack(await readFile(path.join(fixtures, name))), {
      deployedAt: new Date((await written('deployed-at.txt')).trim()),
    });
    expect(report.monitor.rates[0]).toMatchObject({ before: { done: 4 }, after: { done: 6 } });
  });
});

describe('a log', () => {
  it('with an error over the limit fails', async () => {
    const text = sent('20:00:00') + sent('21:10:00') + refused('21:20:00').repeat(6) + idle('21:30:00');
    const report = await monitorText(text, { deployedAt });
    expect(report.verdict).toBe('fail');
    expect(report.monitor.rates[0]).toMatchObject({ after: { done: 1, failed: 6 }, outcome: 'fail' });
    expect(describePage(report).rest).toBe(
      ', Message delivery is 14.2 % (1 of 7) in the 30 minutes after the deployment, and 1 more failure',
    );
  });

  it('of which the errors are of a table of another name is not taken for the chat', async () => {
    const text = sent('20:00:00') + sent('21:10:00') + refused('21:20:00', 'old_chat_messages').repeat(6);
    expect((await monitorText(text, { deployedAt })).verdict).toBe('pass');
  });

  it.each([
    ['Genre', '"Genre"', ['public.Genre']],
    ['Order Details (*)', 'public."Order Details (*)"', ['public.Order Details (*)']],
    ['people', 'People', ['public.people']],
    ['genre', 'Genre', []],
  ])('tells of %s, written %s, as the catalog has it', (name, inStatement, expected) => {
    const tables = ['public.Genre', 'public.Order Details (*)', 'public.people'];
    const read = createEventReader({ tables, functions: [] }, []);
    const failed = (message: string) =>
      read({
        at: deployedAt.getTime(),
        severity: 'ERROR',
        sqlstate: null,
        database: null,
        message,
        context: '',
        statement: `insert into ${inStatement} values (99)`,
      });
    for (const message of [
      `permission denied for table ${name}`,
      'duplicate key value violates unique constraint "x"',
    ])
      expect(failed(message)?.tables ?? []).toEqual(expected);
    expect(failed('deadlock detected')?.inserts ?? []).toEqual(expected);
  });

  it.each([
    ['that ends before the deployment', sent('20:00:00') + refused('20:30:00'), 'ends before the deployment'],
    ['that names none of the tables', idle('20:00:00') + refused('21:30:00', 'orders'), 'names a table'],
    [
      'in which nobody used the application afterwards',
      refused('20:00:00') + idle('22:30:00'),
      'was used after',
    ],
    ['that is empty', '', 'server.log is empty'],
    [
      'that is no log',
      Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 37) % 256)),
      'holds no line of a Postgres log',
    ],
    [
      'of a web server beside Postgres',
      sent('20:00:00') + '1.2.3.4 - - "GET /" 200\n'.repeat(3) + sent('22:00:00'),
      '3 of 5 lines are of no known form, the first is line 2',
    ],
    [
      'in German',
      `2026-11-26 21:10:00 UTC [7] FEHLER:  keine Berechtigung für Tabelle chat_messages\n${sent('22:10:00')}`,
      'in another language than English',
    ],
    [
      'that was cut while it was packed',
      zlib.gzipSync(sent('20:00:00').repeat(5000) + sent('22:00:00').repeat(5000)).subarray(0, -40),
      'cannot be unpacked to its end',
    ],
    [
      'of which a quote is never closed',
      `2026-11-26 20:00:00.000 UTC,"u","d",1,"h",s,1,"INSERT",2026-11-26 20:00:00 UTC,1/1,0,ERROR,42501,"open\n${sent('22:00:00')}${sent('22:00:00')}`,
      'a quote is never closed',
    ],
  ])('%s proves nothing', async (_what, text, reason) => {
    const { verdict, monitor: found } = await monitorText(text, { deployedAt });
    expect(verdict).toBe('not proven');
    expect(found.reasons.join('\n')).toContain(reason);
  });

  it('whose last line is half written is read to the line before', async () => {
    const text = `${sent('20:00:00')}${sent('22:00:00')}2026-11-26 22:00:0`;
    expect((await monitorText(text, { deployedAt })).verdict).toBe('pass');
  });

  it('of mixed forms is read line by line', async () => {
    const csv = (time: string) =>
      `2026-11-26 ${time}.000 UTC,"u","d",1,"h",s,1,"INSERT",2026-11-26 20:00:00 UTC,1/1,0,ERROR,42501,"new row violates row-level security policy for table ""chat_messages""",,,,,,"insert into chat_messages\nvalues (1)",,,"",\n`;
    const json = `{"timestamp":"2026-11-26 21:05:00.000 UTC","error_severity":"ERROR","state_code":"42P17","message":"infinite recursion detected in policy for relation \\"chat_rooms\\"","statement":"select"}\n`;
    const { monitor: found } = await monitorText(
      sent('20:00:00') + csv('20:10:00') + csv('21:10:00') + json + sent('22:00:00'),
      { deployedAt },
    );
    expect(found.sources[0]?.said).toContain('csvlog, jsonlog, stderr');
    expect(
      found.signatures.map(({ signature, before, after }) => [signature, before.count, after.count]),
    ).toEqual([
      ['42501', 1, 1],
      ['23505', 0, 0],
      ['23503', 0, 0],
      ['42P17', 0, 1],
    ]);
  });

  it('given in two forms is refused: each message would count twice', async () => {
    const logs = [path.join(fixtures, 'postgres.stderr'), path.join(fixtures, 'postgres.csv')];
    await expect(monitorAs({ logs })).rejects.toThrow('tell of the same time');
  });

  it.each([
    ['a zone by its abbreviation', '2026-11-26 22:10:00 CET', null],
    ['a zone by its hours', '2026-11-26 18:10:00 -03', null],
    ['a zone that the user names', '2026-11-26 15:10:00 CST', 'America/Chicago'],
    ['a zone of a half hour', '2026-11-27 02:40:00 IST', 'Asia/Kolkata'],
  ])('in another time zone is read in %s', async (_, time, zone) => {
    const text = `${time} [7] LOG:  duration: 1.5 ms  statement: select from chat_rooms\n`;
    const { monitor: found } = await monitorText(text, { deployedAt, log: { prefix: null, zone } });
    expect(new Date(found.sources[0]?.from ?? 0).toISOString()).toBe('2026-11-26T21:10:00.000Z');
  });

  it('in a zone that may be several is refused', async () => {
    await expect(monitorText('2026-11-26 15:10:00 CST [7] LOG:  x\n', { deployedAt })).rejects.toThrow(
      'are in the zone CST, which may be any of several',
    );
  });

  it('with a prefix of its own is read by that', async () => {
    const text = 'db=app,e=42501 1764191400.123 <7> ERROR:  permission denied for table chat_rooms\n';
    const { monitor: found } = await monitorText(text, {
      deployedAt,
      log: { prefix: 'db=%d,e=%e %n <%p> ', zone: null },
    });
    expect(found.groups).toMatchObject([{ code: '42501', before: 1 }]);
    await expect(monitorText(text, { log: { prefix: '%p ', zone: null } })).rejects.toThrow(
      'it holds no time',
    );
  });

  it('takes what a client calls itself for no severity', async () => {
    const log = { prefix: '%m [%p] %a ', zone: null };
    const text = '2026-11-26 21:10:00.000 UTC [7] LOG:  me ERROR:  permission denied for table chat_rooms\n';
    const { monitor: found } = await monitorText(text, { deployedAt, log });
    expect(found.groups).toMatchObject([{ code: '42501', after: 1 }]);
  });

  it('of a very long line costs no more than a short one', async () => {
    const long = `2026-11-26 21:10:00 UTC [7] LOG:  duration: 1.5 ms  statement: insert into chat_messages values ('${'Anna Muster '.repeat(2_000_000)}')\n`;
    const { monitor: found, verdict } = await monitorText(sent('20:00:00') + long + sent('21:20:00'), {
      deployedAt,
    });
    expect(found.rates[0]).toMatchObject({ after: { done: 2, failed: 0 } });
    expect(JSON.stringify(found)).not.toContain('Muster');
    expect(verdict).toBe('pass');
  });
});
