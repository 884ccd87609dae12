/** Before a deployment begins there is a backup that holds what the database does, or nothing is begun. */
import { spawn } from 'node:child_process';
import { once as onceTold } from 'node:events';
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { chmod, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { partialOf } from '../../src/backup/write-backup.js';
import { readDefinitions } from '../../src/database/fingerprint.js';
import { withSession } from '../../src/database/with-session.js';
import type { Report } from '../../src/model.js';
import { run } from '../../src/run.js';
import type { BackupSettings, DeploySettings, RestoreSettings } from '../../src/settings/settings.js';
import { compareBackup, readOwners } from '../../src/stages/backup/compare-backup.js';
import { restoreBackup } from '../../src/stages/backup/restore-backup.js';
import { noBackup, settingsFor } from '../support/deploy-notes.js';
import { withFolder, withNotesBundle } from '../support/notes-bundle.js';
import { addressOf, type NotesTarget, withNotesTarget } from '../support/notes-target.js';
import { installedPgDump } from '../support/pg-dump.js';
import { cliPath } from '../support/run-cli.js';
import { getTestServer, withClient, withTestDatabase, withTestServer } from '../support/server.js';
import { triesEverything } from '../support/some-of.js';

const key = 'a key of thirty-two characters!!';
const { signal } = new AbortController();

type Hook = (text: string) => void;

/** `onText` is told what the backup says while it is taken. It is tried on the server of the tests. */
function deploy(
  target: NotesTarget,
  backup: BackupSettings,
  onText: Hook = () => undefined,
  server = getTestServer().connection,
): Promise<Report> {
  const trialServer = { source: 'url', url: addressOf(server), image: null } as const;
  const settings: DeploySettings = {
    command: 'deploy',
    plan: null,
    ...settingsFor(target, ''),
    ...noBackup,
    backup,
    trialServer,
  };
  return withNotesBundle({}, (bundle) =>
    run(
      { ...settings, bundle },
      { signal, progress: (event) => event.kind === 'backup' && onText(event.text) },
    ),
  );
}

/** What became of it, in one text. */
const outcomeOf = (target: NotesTarget, backup: BackupSettings, onText?: Hook) =>
  deploy(target, backup, onText).then(
    ({ verdict }) => verdict,
    (error: Error) => error.message,
  );

const change = (target: NotesTarget, sql: string) =>
  withClient(target.connection, (client) => client.query(sql));

/** An edit of what was written, before it is tried. */
const once =
  (file: string, edit: (text: string) => string): Hook =>
  (said) => {
    if (!said.includes('is restored into a throwaway Postgres')) return;
    writeFileSync(file, gzipSync(edit(gunzipSync(readFileSync(file)).toString())));
  };

describe('a copy', () => {
  it('is taken, restored and compared before the fix begins, and can be restored by somebody', async () => {
    await withFolder((folder) =>
      withNotesTarget(async (target) => {
        await change(
          target,
          `create table public.others (id int primary key, note bigint references public.notes (id));
           insert into public.others values (1, 1);
           create table public.strangers (id int); insert into public.strangers values (1);
           create view public.words as select body from public.notes;
           create collation public.natural (provider = icu, locale = 'en-u-kn-true');
           alter table public.others add column name text collate public.natural;
           create function public.twice(text) returns text language sql as $$ select $1 || $1 $$`,
        );
        const before = await look(target.connection);
        const file = path.join(folder, 'deep/notes.backup');
        const report = await deploy(target, { kind: 'copy', file, key, isUploaded: false });
        expect(report.verdict).toBe('pass');
        const { size, mode } = await stat(file);
        expect(report.backup).toEqual({
          kind: 'copy',
          note: null,
          taken: {
            file,
            bytes: size,
            digest: expect.stringMatching(/^[0-9a-f]{64}$/),
            isEncrypted: true,
            // What hangs on the fix's tables comes with them; what does not is there by its definition alone.
            tables: 2,
            rows: 4,
            objects: expect.any(Number),
            restoredOn: getTestServer().info.version,
            missing: [
              'that the role notes_owner is a member of app_user: roles belong to the whole server',
              "the rows of 1 other table: they have nothing to do with the fix's",
            ],
            untried: [],
            milliseconds: expect.any(Number),
          },
        });
        expect(mode & 0o077).toBe(0);
        expect(JSON.stringify(report)).not.toContain(key);

        await withTestDatabase(async (connection) => {
          const told: string[] = [];
          const way: RestoreSettings = {
            command: 'restore',
            file,
            key,
            databaseUrl: addressOf(connection),
            databaseCa: null,
            confirm: connection.database,
            window: { notBefore: null, notAfter: null },
          };
          const restore = (overrides: Partial<RestoreSettings> = {}) =>
            restoreBackup({ ...way, ...overrides }, { signal, tell: (line) => told.push(line) });
          const failing = (overrides: Partial<RestoreSettings>) =>
            restore(overrides).then(
              () => 'restored',
              (error: Error) => error.message.replaceAll(folder, ''),
            );

          const short = path.join(folder, 'short');
          await writeFile(short, readFileSync(file).subarray(0, -20));
          const other = path.join(folder, 'other');
          await writeFile(other, '-- PostgreSQL database dump\n');
          const another = path.join(folder, 'another.sql.gz');
          await writeFile(another, gzipSync('create table public.t ();'));
          const packed = path.join(folder, 'packed.sql.gz');
          await writeFile(packed, gzipSync(`-- schema-fix backup 1 ${'x'.repeat(99_999)}`).subarray(0, -9));
          expect([
            await failing({ key: null }),
            await failing({ key: 'another key of some length' }),
            await failing({ file: short }),
            await failing({ file: packed, key: null }),
            await failing({ file: other }),
            await failing({ file: another }),
            await failing({ file: path.join(folder, 'nowhere') }),
            await failing({ confirm: 'somewhere' }),
          ]).toEqual([
            expect.stringMatching(/^\/deep\/notes.backup: is encrypted\. Give the key/),
            expect.stringMatching(/^\/deep\/notes.backup: the key is not the one that it was encrypted with/),
            expect.stringMatching(/^\/short: is cut short/),
            expect.stringMatching(/^\/packed.sql.gz: is cut short/),
            expect.stringMatching(/^\/other: is not a backup of schema-fix/),
            expect.stringMatching(/^\/another.sql.gz: is not a backup of schema-fix/),
            expect.stringMatching(/^\/nowhere: there is no such file/),
            expect.stringMatching(/^confirm: is "somewhere"/),
          ]);
          await withClient(connection, (client) =>
            client.query('create function public.f() returns int return 1; create type public.t as (a int)'),
          );
          expect(await failing({})).toMatch(
            /is not empty: function public\.f\(\), type public\.t\. .* Nothing was changed/s,
          );
          await withClient(connection, (client) =>
            client.query(
              `drop function public.f(); drop type public.t;
               alter database "${connection.database}" set default_transaction_read_only = on`,
            ),
          );
          expect(await failing({})).toMatch(
            /^restore: The database is set to read only .* Nothing was done\.$/,
          );
          await withClient(connection, (client) =>
            client.query(
              `set transaction_read_only = off; alter database "${connection.database}" reset default_transaction_read_only`,
            ),
          );

          expect(await restore()).toMatch(/^Restored .*: 4 rows of 2 tables, as they were at the backup\.\n/);
          expect(told).toEqual(
            expect.arrayContaining(['  3 rows of public.notes', '  1 row of public.others']),
          );
          const leeway = { hostSchemas: [], excused: [] };
          expect(compareBackup(before, await look(connection), leeway).differing).toEqual([]);
        });
      }),
    );
  });

  it('is refused by the names of what holds passwords of other servers, and tells none', async () => {
    await withFolder((folder) =>
      withNotesTarget(async (target) => {
        await change(
          target,
          `create foreign data wrapper "other's";
           create server "Their server" foreign data wrapper "other's" options (api_key 'a secret of theirs');
           create user mapping for public server "Their server" options (password 'a secret of ours');
           create foreign table public.elsewhere (id int) server "Their server" options (token 'a third secret')`,
        );
        const first = await target.changes();
        const said: string[] = [];
        const file = path.join(folder, 'notes.backup');
        const outcome = await outcomeOf(
          target,
          { kind: 'copy', file, key: null, isUploaded: false },
          (text) => said.push(text),
        );
        expect(outcome).toContain('the foreign server "Their server", the foreign-data wrapper "other\'s"');
        expect(outcome).toContain('Nothing was begun');
        expect([outcome, ...said].join(' ')).not.toContain('secret');
        await expect(stat(file)).rejects.toThrow('ENOENT');
        expect(await target.changes()).toEqual(first);
      }),
    );
  });

  it('that is not what the database holds, or cannot be written, begins nothing', async () => {
    await withFolder((folder) =>
      withNotesTarget(async (target) => {
        const file = path.join(folder, 'notes.sql.gz');
        const partial = partialOf(file);
        const plain: BackupSettings = { kind: 'copy', file, key: null, isUploaded: false };
        const broken: Readonly<Record<string, readonly [Hook, RegExp]>> = {
          'another value': [
            once(partial, (text) => text.replace('beer', 'wine')),
            /is not what the database holds\. Other there: values in public\.notes\. Nothing was begun/,
          ],
          'another definition': [
            once(partial, (text) => text.replace('"body" text', '"body" text NOT NULL')),
            /Other there: column public\.notes\.body/,
          ],
          'cut short': [
            (said) => said.includes('is restored') && truncateSync(partial, 400),
            /^FILE\.partial: is cut short/,
          ],
          'a row less': [
            once(partial, (text) => text.replace(/.*beer\n/, '')),
            /Other there: rows of public\.notes \(3 in the database, 2 in the backup\)/,
          ],
          'a table less': [
            once(partial, (text) => text.replace(/CREATE TABLE [^;]*;/, '')),
            /^backup: FILE could not be restored .* line \d+: .*\(42P01\)\. Nothing was begun/,
          ],
          'a privilege less': [
            once(partial, (text) => text.replace(/^GRANT USAGE .*app_user";$/m, '')),
            /Other there: schema public/,
          ],
        };
        for (const [hook, message] of Object.values(broken).slice(0, triesEverything ? undefined : 2)) {
          expect((await outcomeOf(target, plain, hook)).replaceAll(file, 'FILE')).toMatch(message);
          expect(readdirSync(folder)).toEqual([]);
        }

        await writeFile(file, 'mine');
        expect(await outcomeOf(target, plain)).toMatch(
          /cannot be written: it is there already, and a backup is never written over/,
        );
        expect(await readFile(file, 'utf8')).toBe('mine');
        expect(await outcomeOf(target, { ...plain, file: path.join(file, 'deeper') })).toMatch(
          /cannot be written: .*Nothing was begun/,
        );
        expect(await target.changes()).toEqual([]);
      }),
    );
  });
});

describe('a dump', () => {
  const { PGBIN } = process.env;
  afterEach(() => {
    if (PGBIN === undefined) delete process.env.PGBIN;
    else process.env.PGBIN = PGBIN;
  });

  (installedPgDump === null ? it.skip : it)(
    'is made by pg_dump of the very moment, restored and compared',
    async () => {
      process.env.PGBIN = installedPgDump?.folder;
      const server = { source: 'installed', major: installedPgDump?.major ?? null } as const;
      await withTestServer(server, ({ connection }) =>
        withFolder((folder) =>
          withNotesTarget(async (target) => {
            await change(
              target,
              'create table public.others (id int); insert into public.others values (1), (2)',
            );
            const before = await look(target.connection);
            const file = path.join(folder, 'notes.backup');
            // A row that comes while it is written is not in it, and is not missed.
            const meanwhile: Hook = (said) => {
              if (said.startsWith('reads'))
                void change(target, "insert into public.notes (writer, body) values ('ann', 'late')");
            };
            const report = await deploy(
              target,
              { kind: 'dump', file, key, isUploaded: false },
              meanwhile,
              connection,
            );
            expect(report).toMatchObject({
              verdict: 'pass',
              backup: { kind: 'dump', taken: { tables: 2, rows: 5 } },
            });
            await withClient(connection, (client) => client.query('create database restored'));
            const restored = { ...connection, database: 'restored' };
            const text = await restoreBackup(
              {
                command: 'restore',
                file,
                key,
                databaseUrl: addressOf(restored),
                databaseCa: null,
                confirm: 'restored',
                window: { notBefore: null, notAfter: null },
              },
              { signal, tell: () => undefined },
            );
            expect(text).toMatch(/^Restored .*: 5 rows of 2 tables/);
            const leeway = { hostSchemas: [], excused: [] };
            expect(compareBackup(before, await look(restored), leeway).differing).toEqual([]);
          }, connection),
        ),
      );
    },
    60_000,
  );

  it('is refused where pg_dump is too old, ends too early, or leaves something out', async () => {
    await withFolder((folder) =>
      withNotesTarget(async (target) => {
        process.env.PGBIN = folder;
        const file = path.join(folder, 'notes.backup');
        /** A stand-in for pg_dump, which no test can have of every server's version. */
        const outcomeWith = async (major: number, script: string) => {
          const program = path.join(folder, 'pg_dump');
          await writeFile(
            program,
            `#!/bin/sh\nif [ "$1" = --version ]; then echo 'pg_dump (PostgreSQL) ${major}.1'; exit; fi\n${script}\n`,
          );
          await chmod(program, 0o755);
          return outcomeOf(target, { kind: 'dump', file, key: null, isUploaded: false });
        };
        const [major = 0] = getTestServer().info.version.split('.').map(Number);
        const made = 'create table public.notes (id bigint, writer text, body text);';
        expect([
          await outcomeWith(major - 1, 'exit 1'),
          await outcomeWith(major, `echo "${made}"; echo 'pg_dump: error: no more' >&2; exit 1`),
          await outcomeWith(major, `echo "${made}"; kill -9 $$`),
          await outcomeWith(major, `echo "${made}"`),
        ]).toEqual([
          expect.stringMatching(
            /dump takes a pg_dump of Postgres \d+ or newer, and it is older than the server/,
          ),
          expect.stringMatching(
            /pg_dump did not come to its end: pg_dump: error: no more\. Nothing was begun/,
          ),
          expect.stringMatching(
            /pg_dump did not come to its end: it was ended by SIGKILL\. Nothing was begun/,
          ),
          expect.stringMatching(/is not what the database holds\. Other there: rows of public\.notes \(3 in/),
        ]);
        await expect(stat(file)).rejects.toThrow('ENOENT');
        expect(await target.changes()).toEqual([]);
      }),
    );
  });
});

describe('a backup whose run is killed while it is written', () => {
  it('has no name of a backup, is restored by nobody, and is named to the next run', async () => {
    await withFolder((folder) =>
      withNotesTarget((target) =>
        withNotesBundle({}, async (bundle) => {
          const file = path.join(folder, 'notes.sql.gz');
          const partial = partialOf(file);
          const [major] = getTestServer().info.version.split('.');
          // It writes for as long as there is somebody who reads.
          const program = path.join(folder, 'pg_dump');
          await writeFile(
            program,
            `#!/bin/sh\nif [ "$1" = --version ]; then echo 'pg_dump (PostgreSQL) ${major}.1'; exit; fi\nwhile echo 'select 1;'; do :; done\n`,
          );
          await chmod(program, 0o755);
          const words = ['--bundle', bundle, '--database-url', addressOf(target.connection)];
          const backup = ['--backup', 'dump', '--backup-out', file, '--backup-key', 'none'];
          const cli = spawn(
            process.execPath,
            [cliPath, 'deploy', ...words, '--confirm', target.database, ...backup],
            { env: { ...process.env, NODE_OPTIONS: '', PGBIN: folder }, stdio: 'ignore' },
          );
          const ended = onceTold(cli, 'exit');
          while (!(existsSync(partial) && readFileSync(partial).length > 10_000))
            await new Promise((resolve) => setTimeout(resolve, 20));
          cli.kill('SIGKILL');
          await ended;
          await rm(program);
          expect(readdirSync(folder)).toEqual(['notes.sql.gz.partial']);
          expect(await target.changes()).toEqual([]);

          const restoring = (from: string) =>
            restoreBackup(
              {
                command: 'restore',
                file: from,
                key: null,
                databaseUrl: addressOf(target.connection),
                databaseCa: null,
                confirm: target.database,
                window: { notBefore: null, notAfter: null },
              },
              { signal, tell: () => undefined },
            );
          await expect(restoring(partial)).rejects.toThrow(/is no backup: the run that wrote it was killed/);
          const plain: BackupSettings = { kind: 'copy', file, key: null, isUploaded: false };
          expect(await outcomeOf(target, plain)).toContain(
            `${partial} is there already, which a run that was killed has left`,
          );
          const told: string[] = [];
          const elsewhere = { ...plain, file: path.join(folder, 'other.sql.gz') };
          await rename(partial, path.join(folder, 'schema-fix-notes.sql.gz.partial'));
          expect(await outcomeOf(target, elsewhere, (text) => told.push(text))).toBe('pass');
          expect(told).toContainEqual(
            expect.stringMatching(
              /schema-fix-notes\.sql\.gz\.partial was not finished: a run that was killed/,
            ),
          );
        }),
      ),
    );
  });
});

describe('a backup that somebody has', () => {
  it('is recorded in their words', async () => {
    await withNotesTarget(async (target) => {
      const note = 'the snapshot of this night';
      expect((await deploy(target, { kind: 'confirmed', note })).backup).toEqual({
        kind: 'confirmed',
        note,
        taken: null,
      });
    });
  });
});

function look(connection: NotesTarget['connection']) {
  return withSession(connection, async (session) => ({
    objects: await readDefinitions(session),
    owners: await readOwners(session),
  }));
}
