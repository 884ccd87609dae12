/** Faults in each section and at the end of a deployment: afterwards the database is as it was, or fixed, and the report says which. */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmdirSync, truncateSync } from 'node:fs';
import { chown, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from '@jest/globals';
import { partialOf } from '../../src/backup/write-backup.js';
import { keepingAlone } from '../../src/database/commit.js';
import { differences, fingerprintCatalog } from '../../src/database/fingerprint.js';
import { withBareSession, withSession } from '../../src/database/with-session.js';
import type { ProgressEvent, Report, SubjectResult } from '../../src/model.js';
import { renderConsole } from '../../src/report/render-console.js';
import { run } from '../../src/run.js';
import type { DeploySettings } from '../../src/settings/settings.js';
import { deployTarget } from '../../src/stages/deploy-target.js';
import type { TargetGuards } from '../../src/stages/fix-options.js';
import { killAtWork } from '../support/at-work.js';
import { withBuiltState } from '../support/built-state.js';
import { loadChatBundle } from '../support/chat-bundle.js';
import { type Cut, withCuttingProxy } from '../support/cutting-proxy.js';
import {
  deployNotes as deploy,
  noBackup,
  quietly,
  recordOf,
  runPlan,
  settingsFor,
} from '../support/deploy-notes.js';
import { limits } from '../support/limits.js';
import { type Changes, loadNotes, withFolder, withNotesBundle } from '../support/notes-bundle.js';
import { addressOf, makeNotesTarget, type NotesTarget, withNotesTarget } from '../support/notes-target.js';
import { deployMany, rollBackNotes, withReturningTarget } from '../support/return-notes.js';
import { cliPath } from '../support/run-cli.js';
import { getTestServer, withClient, withPlatformDatabases, withTestServer } from '../support/server.js';
import { triesEverything } from '../support/some-of.js';

const sections = ['sections/01_author.sql', 'sections/02_policies.sql'];

/** Fault → the SQL that injects it at the end of a section, and what a report says of it. */
const faults: Readonly<Record<string, readonly [sql: string, said: string]>> = {
  'an error': ['select 1 / 0;', '22012'],
  'an exception at the commit': [
    `create function public.fail() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
     create constraint trigger late after update on public.notes deferrable initially deferred
     for each row execute function public.fail();
     update public.notes set body = body;`,
    '55006 or P0001',
  ],
  'a statement that takes too long': [
    "do $$ begin execute 'set local statement_' || 'timeout = 1'; end $$; select pg_catalog.pg_sleep(1);",
    '57014',
  ],
  'its backend terminated': [
    "do $$ begin execute 'select pg_terminate_' || 'backend(pg_backend_pid())'; end $$;",
    '57P01',
  ],
  // As Postgres reports it: a disk that is full cannot be had for a test alone.
  'a disk that is full': [
    "do $$ begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$;",
    '53100',
  ],
  'a lost row': ["delete from public.notes where body = 'beer';", 'preservation'],
  'another value': ["update public.notes set body = 'wine' where body = 'beer';", 'preservation'],
  'an opened door': ['create policy everybody on public.notes to app_user using (true);', 'access'],
  'something else every time': ['create table public.t_x ();', 'preservation'],
};

/** Each signal once, or in each section. */
const killed = (['SIGTERM', 'SIGKILL'] as const).flatMap((signal, index) =>
  sections
    .filter((_, place) => triesEverything || place === index)
    .map((section): [NodeJS.Signals, string] => [signal, section]),
);

type Row = readonly [fault: string, where: string, told: string, changed: string];

/** What became of it, one line a fault and place; printed for whoever reads the log. */
const matrix: Row[] = [];

function note(fault: string, where: string, told: string, changes: readonly string[]): Row {
  const row: Row = [fault, where, told, changes.length === 0 ? 'as it was' : 'fixed'];
  matrix.push(row);
  return row;
}

afterAll(() => {
  const lines = matrix.map(
    ([fault, where, told, changed]) =>
      `${fault.padEnd(36)} ${where.padEnd(24)} ${told.padEnd(40)} ${changed}`,
  );
  process.stdout.write(`${['Faults and what became of the database', ...lines].join('\n')}\n`);
});

function sayWhy({ subjects: [subject] }: Report): string {
  return subject === undefined ? 'nothing' : sayWhyOf(subject);
}

function sayWhyOf(subject: SubjectResult): string {
  if (subject.apply.outcome === 'fail') return subject.apply.problem?.sqlstate ?? '';
  const stages = ['preservation', 'access', 'scenarios', 'rerun'] as const;
  const failed = stages.find((stage) => subject[stage].outcome === 'fail');
  // A limit of a section's may end what the engine asks behind it.
  return failed ?? subject.problem?.sqlstate ?? 'nothing';
}

/** Whether it was committed, and why not; or the error that ended the run. */
const outcomeOf = (done: Promise<Report>) =>
  done.then(
    (report) => `${report.subjects[0]?.committed}, ${sayWhy(report)}`,
    (error: unknown) => String(error),
  );

const guards: TargetGuards = {
  mayCreate: false,
  window: { notBefore: null, notAfter: null },
  ending: 'commit',
  planned: null,
  firstLock: null,
  keeping: keepingAlone,
};

const smallDisk = (folder: string, size = '64k') => [
  ...['-t', 'tmpfs', '-o', `size=${size},mode=777`],
  ...['tmpfs', folder],
];

/** As the end of a title: why no disk can be mounted here; null: one can, or it is for the test to say what is wrong. */
function findWhyNoDisk(): string | null {
  const folder = mkdtempSync(path.join(tmpdir(), 'small-disk-'));
  try {
    execFileSync('mount', smallDisk(folder), { stdio: 'pipe' });
    execFileSync('umount', [folder]);
    return null;
  } catch (error: unknown) {
    const [why = ''] = String((error as { stderr?: unknown }).stderr || error)
      .replaceAll(folder, 'tmpfs')
      .split('\n');
    const isForbidden = /permission denied|not permitted|superuser|ENOENT/i.test(why);
    return isForbidden || process.platform !== 'linux'
      ? ` (skipped, for none can be mounted here: ${why})`
      : null;
  } finally {
    rmdirSync(folder);
  }
}

/** A backup that is tried on the server of the tests. */
const copyTo = (file: string): Pick<DeploySettings, 'backup' | 'trialServer'> => ({
  backup: { kind: 'copy', file, key: null, isUploaded: false },
  trialServer: { source: 'url', url: addressOf(getTestServer().connection), image: null },
});

const atTheEndOf = (section: string, sql: string): Changes => ({ [section]: (text) => `${text}\n${sql}\n` });

describe('a deployment with a fault', () => {
  it('leaves the database as it was, whatever the fault and wherever', async () => {
    await withNotesTarget(async (target) => {
      const expected: Row[] = [];
      const found: Row[] = [];
      for (const [fault, [sql, said]] of Object.entries(faults)) {
        for (const section of sections) {
          const outcome = await outcomeOf(deploy(target, atTheEndOf(section, sql)));
          const isAsSaid =
            said.split(' or ').some((word) => outcome.includes(word)) && !outcome.includes('yes');
          found.push(
            note(fault, section, isAsSaid ? `not committed, ${said}` : outcome, await target.changes()),
          );
          expected.push([fault, section, `not committed, ${said}`, 'as it was']);
        }
      }
      expect(found).toEqual(expected);
      expect((await deploy(target)).verdict).toBe('pass');
    });
  });

  it('is begun again after a deadlock, and comes to its end', async () => {
    await withNotesTarget(async (target) => {
      const { connection } = target;
      await withClient(connection, (client) => client.query('create table public.others (id int)'));
      const section = sections[1] ?? '';
      const outcome = await withClient(connection, async (other) => {
        // The deployment has waited longer, and is the one that is ended.
        await other.query("set deadlock_timeout = '30s'; begin; lock table public.others");
        const done = deploy(target, atTheEndOf(section, 'lock table public.others;'));
        const isWaited = `select from pg_locks where relation = 'public.others'::regclass and not granted`;
        while ((await other.query(isWaited)).rows.length === 0);
        // Each waits for the other now; whoever has waited for a second is ended.
        const lock = other.query('lock table public.notes').catch(() => undefined);
        await lock;
        await other.query('rollback');
        const report = await done;
        const [subject] = report.subjects;
        expect(subject?.apply.outcome === 'pass' && subject.apply.attempts).toBe(2);
        return `committed: ${subject?.committed}, at the second try`;
      });
      expect(note('a deadlock', section, outcome, await target.changes())).toEqual([
        'a deadlock',
        section,
        'committed: yes, at the second try',
        'fixed',
      ]);
    });
  });

  it.each(killed)(
    'leaves nothing where its process gets %s in %s',
    async (signal, section) => {
      await withNotesTarget((target) =>
        withNotesBundle(atTheEndOf(section, 'select pg_catalog.pg_sleep(600);'), async (bundle) => {
          const words = [
            '--bundle',
            bundle,
            '--database-url',
            addressOf(target.connection),
            '--backup',
            'none',
          ];
          const cli = spawn(process.execPath, [cliPath, 'deploy', ...words, '--confirm', target.database], {
            env: { ...process.env, NODE_OPTIONS: '' },
            stdio: ['ignore', 'pipe', 'pipe'],
          });
          let said = '';
          for (const output of [cli.stdout, cli.stderr]) output.on('data', (text: Buffer) => (said += text));
          await killAtWork(cli, signal, target.connection);
          const row = note(signal, section, 'the process is gone', await target.changes());
          expect(row[3]).toBe('as it was');
          expect(said).not.toContain(String(target.connection.password));
        }),
      );
    },
    30_000,
  );

  it('leaves nothing where the server is killed', async () => {
    await withTestServer({}, async ({ connection }) => {
      const target = await makeNotesTarget(connection);
      for (const section of sections.slice(0, triesEverything ? undefined : 1)) {
        const done = outcomeOf(deploy(target, atTheEndOf(section, 'select pg_catalog.pg_sleep(600);')));
        const pid = await withClient(target.connection, async (client) => {
          const asleep =
            "select pid from pg_stat_activity where query ~ 'pg_sleep' and state = 'active' and pid <> pg_backend_pid()";
          for (;;) {
            const { rows } = await client.query<{ pid: number }>(asleep);
            if (rows[0] !== undefined) return rows[0].pid;
          }
        });
        // Postgres ends all of its processes then, and recovers from what it has written down.
        process.kill(pid, 'SIGKILL');
        const told = (await done).includes('yes') ? 'committed' : 'not committed';
        const changes = await untilThere(() => target.changes());
        expect(note('the server killed', section, told, changes)).toEqual([
          'the server killed',
          section,
          'not committed',
          'as it was',
        ]);
      }
    });
  }, 60_000);

  it('begins nothing with a password that expired', async () => {
    await withNotesTarget(
      async (target) => {
        const user = `expired_${target.database}`;
        const password = 'an old password';
        await withClient(target.connection, (client) =>
          client.query(
            `create role "${user}" login password '${password}' valid until '2000-01-01'; grant notes_owner to "${user}"`,
          ),
        );
        try {
          const databaseUrl = addressOf({ ...target.connection, user, password });
          const outcome = await outcomeOf(deploy(target, {}, { databaseUrl }));
          expect(outcome).toContain('the server does not accept this password');
          expect(outcome).not.toContain(password);
          expect(note('a password that expired', 'before all', 'refused', await target.changes())[3]).toBe(
            'as it was',
          );
        } finally {
          await withClient(target.connection, (client) => client.query(`drop role "${user}"`));
        }
      },
      undefined,
      true,
    );
  });

  // Before the backup connects, while it is tried, and while somebody else holds the table.
  it.each<[moment: string, is: (event: ProgressEvent) => boolean, told: string]>([
    [
      'before the backup',
      ({ kind }) => kind === 'postgres-ready',
      'the server does not accept this password',
    ],
    [
      'after the backup',
      (event) => event.kind === 'backup' && event.text.includes('is restored'),
      'yes, nothing',
    ],
    ['between two tries', ({ kind }) => kind === 'waiting', 'yes, nothing'],
  ])('is done or not begun with a password that expires %s', async (moment, is, told) => {
    await withFolder((folder) =>
      withNotesTarget(async (target) => {
        const user = `expiring_${target.database}`;
        const password = 'a password of today';
        const ask = (sql: string) => withClient(target.connection, (client) => client.query(sql));
        await ask(`create role "${user}" superuser login password '${password}'`);
        try {
          const outcome = await withClient(target.connection, async (holder) => {
            const isHeld = moment === 'between two tries';
            if (isHeld) await holder.query('begin; lock table public.notes in share mode');
            let expired: Promise<unknown> | null = null;
            const progress = (event: ProgressEvent) => {
              if (!is(event)) return;
              expired ??= ask(`alter role "${user}" valid until '2000-01-01'`).then(() =>
                holder.query('commit'),
              );
            };
            const done = await withNotesBundle({}, (bundle) =>
              outcomeOf(
                run(
                  {
                    command: 'deploy',
                    plan: null,
                    ...settingsFor(target, bundle),
                    databaseUrl: addressOf({ ...target.connection, user, password }),
                    ...(isHeld ? noBackup : copyTo(path.join(folder, 'x'))),
                  },
                  { signal: new AbortController().signal, progress },
                ),
              ),
            );
            await expired;
            expect(expired).not.toBeNull();
            return done;
          });
          expect(outcome).toContain(told);
          expect(outcome).not.toContain(password);
          const changes = await target.changes();
          expect(note(`a password that expires`, moment, told, changes)[3]).toBe(
            told.startsWith('yes') ? 'fixed' : 'as it was',
          );
        } finally {
          await ask(`drop owned by "${user}" cascade; drop role "${user}"`);
        }
      }),
    );
  });

  // A disk of its own takes the right to mount; elsewhere the error stands in for it, above.
  const whyNoDisk = findWhyNoDisk();
  (whyNoDisk === null ? it : it.skip)(
    `begins nothing where the disk is full that the backup is written to${whyNoDisk ?? ''}`,
    async () => {
      await withFolder(async (folder) => {
        await promisify(execFile)('mount', smallDisk(folder));
        try {
          await withNotesTarget(async (target) => {
            const ask = (sql: string) => withClient(target.connection, (client) => client.query(sql));
            await ask(
              `insert into public.notes (writer, body)
               select 'ann', pg_catalog.string_agg(pg_catalog.md5(n::text || m::text), '')
               from pg_catalog.generate_series(1, 50) as n, pg_catalog.generate_series(1, 100) as m group by n`,
            );
            const first = await target.changes();
            const outcome = await outcomeOf(deploy(target, {}, copyTo(path.join(folder, 'notes.backup'))));
            expect(outcome).toContain('the disk is full. Name a file that can be written');
            expect(outcome).toContain('Nothing was begun');
            expect(await readdir(folder)).toEqual([]);
            expect(await target.changes()).toEqual(first);
            note('a disk that is full', 'at the backup', 'refused', []);
          });
        } finally {
          await promisify(execFile)('umount', [folder]);
        }
      });
    },
  );

  (whyNoDisk === null ? it : it.skip)(
    `keeps nobody waiting for a plan where the disk is full that it would be written to${whyNoDisk ?? ''}`,
    async () => {
      await withFolder(async (folder) => {
        await promisify(execFile)('mount', smallDisk(folder, '8k'));
        try {
          await withNotesTarget(async (target) => {
            const begun: string[] = [];
            const outcome = await withNotesBundle({}, (bundle) => {
              const planOut = path.join(folder, 'plan.json');
              const settings = { command: 'plan', ...settingsFor(target, bundle), planOut } as const;
              const progress = ({ kind }: ProgressEvent) => void begun.push(kind);
              return outcomeOf(runPlan(settings, { ...quietly, progress }));
            });
            expect(outcome).toContain('plan.json: cannot be written: the disk is full. Name a file');
            expect(begun).toEqual(['postgres-ready']);
            expect(await readdir(folder)).toEqual([]);
          });
        } finally {
          await promisify(execFile)('umount', [folder]);
        }
      });
    },
  );

  (whyNoDisk === null ? it : it.skip)(
    `leaves the database as it was where the server's disk is full${whyNoDisk ?? ''}`,
    async () => {
      await withFolder((folder) =>
        withNotesTarget(async (target) => {
          const ask = (sql: string) => withClient(target.connection, (client) => client.query(sql));
          const place = `small_${target.database}`;
          const { rows } = await ask("select setting from pg_settings where name = 'data_directory'");
          const { uid, gid } = await stat(rows[0]?.setting);
          await promisify(execFile)('mount', smallDisk(folder, '400k'));
          try {
            await chown(folder, uid, gid);
            await ask(`create tablespace ${place} location '${folder}'`);
            await ask(`alter table public.notes set tablespace ${place}`);
            const section = sections[1] ?? '';
            const filling = `insert into public.notes (author, body)
              select 'ann', pg_catalog.md5(n::text) from pg_catalog.generate_series(1, 20000) as n;`;
            const outcome = await outcomeOf(deploy(target, atTheEndOf(section, filling)));
            expect(outcome).toBe('no, 53100');
            const changes = await target.changes();
            expect(note('a server whose disk is full', section, outcome, changes)[3]).toBe('as it was');
            await promisify(execFile)('mount', ['-o', 'remount,size=8m', folder]);
            expect(await outcomeOf(deploy(target))).toBe('yes, nothing');
          } finally {
            await ask('alter table public.notes set tablespace pg_default');
            await ask(`drop tablespace if exists ${place}`);
            await promisify(execFile)('umount', [folder]);
          }
        }),
      );
    },
  );

  it('begins nothing with a backup that is cut short', async () => {
    await withFolder((folder) =>
      withNotesTarget(async (target) => {
        const file = path.join(folder, 'notes.sql.gz');
        const outcome = await withNotesBundle({}, (bundle) =>
          outcomeOf(
            run(
              {
                command: 'deploy',
                plan: null,
                ...settingsFor(target, bundle),
                ...copyTo(file),
              },
              {
                signal: new AbortController().signal,
                progress: (event) => {
                  if (event.kind === 'backup' && event.text.includes('is restored'))
                    truncateSync(partialOf(file), 300);
                },
              },
            ),
          ),
        );
        expect(outcome).toContain('is cut short');
        expect(note('a backup that is cut short', 'before all', 'refused', await target.changes())[3]).toBe(
          'as it was',
        );
      }),
    );
  });
});

/** A server that recovers lets nobody in. */
async function untilThere<T>(look: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await look();
    } catch (error: unknown) {
      if (tries > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
/** The same in every section of the chat fix: some minutes, and so where EVERYTHING=1 alone, as in the workflow test.yml. */
(triesEverything ? describe : describe.skip)('a fault in a section of the chat fix', () => {
  const ofChat: Readonly<Record<string, readonly [sql: string, said: string]>> = {
    'an error': ['select 1 / 0;', '22012'],
    'a statement that takes too long': faults['a statement that takes too long'] ?? ['', ''],
    'its backend terminated': faults['its backend terminated'] ?? ['', ''],
    'a disk that is full': faults['a disk that is full'] ?? ['', ''],
    'a lost row': [
      `do $$ begin
         if pg_catalog.to_regclass('public.chat_messages') is not null then
           execute 'delete from public.chat_messages where ctid = (select min(ctid) from public.chat_messages)';
         end if;
       end $$;`,
      'preservation',
    ],
  };
  const chat = loadChatBundle();

  it.each(Object.entries(ofChat))(
    'leaves the database as it was wherever it is: %s',
    async (fault, [sql, said]) => {
      const bundle = await chat;
      const state = bundle.states.find(({ name }) => name.startsWith('05_'));
      if (state === undefined) throw new Error('There is no state 05.');
      await withPlatformDatabases(bundle.platforms, (databases) =>
        withBuiltState(databases, bundle, state, async ({ connection, deployer }) => {
          const look = () => withSession(connection, (session) => fingerprintCatalog(session));
          const before = await look();
          const wrong: string[] = [];
          for (const { number } of bundle.sections) {
            const broken = {
              ...bundle,
              sections: bundle.sections.map((section) =>
                section.number === number
                  ? { ...section, parts: [...section.parts, { path: 'fault.sql', text: sql }] }
                  : section,
              ),
            };
            const outcome = await withBareSession(deployer, (session) =>
              deployTarget(session, broken, {
                sections: broken.sections,
                ...limits,
                guards,
                record: recordOf(bundle),
                findings: [],
                place: 'here',
                progress: () => undefined,
              }),
            ).then(
              (subject) => `${subject.committed}, ${sayWhyOf(subject)}`,
              (error: unknown) => String(error),
            );
            const isAsSaid = outcome.includes(said) && !outcome.includes('yes');
            const row = note(
              fault,
              `section ${number} of the chat`,
              isAsSaid ? `not committed, ${said}` : outcome,
              differences(before, await look()),
            );
            if (!isAsSaid || row[3] !== 'as it was') wrong.push(row.join(' | '));
          }
          expect(wrong).toEqual([]);
        }),
      );
    },
    600_000,
  );
});

describe('a connection that is cut at the commit', () => {
  const through = (target: NotesTarget, cut: Cut) =>
    withCuttingProxy(target.connection, cut, (port) => {
      const host = '127.0.0.1';
      return deploy(target, {}, { databaseUrl: addressOf({ ...target.connection, host, port }) });
    });

  it('is asked for what became of it, and it was committed', async () => {
    await withNotesTarget(async (target) => {
      const report = await through(target, 'answer');
      expect(report).toMatchObject({ verdict: 'pass', subjects: [{ committed: 'yes' }] });
      expect(await target.changes()).toContain('policy "own notes" on public.notes');
    });
  });

  it('is asked for what became of it, and it was not', async () => {
    await withNotesTarget(async (target) => {
      const report = await through(target, 'commit');
      expect(report).toMatchObject({
        verdict: 'fail',
        subjects: [{ committed: 'no', apply: { problem: { path: 'the commit', sqlstate: '08006' } } }],
      });
      expect(await target.changes()).toEqual([]);
    });
  });

  it('is told to be unknown where nobody can be asked', async () => {
    await withNotesTarget((target) =>
      withCuttingProxy(target.connection, 'answer', async (port) => {
        const bundle = await loadNotes();
        const connection = { ...target.connection, host: '127.0.0.1', port };
        const subject: SubjectResult = await withBareSession(connection, (session) =>
          deployTarget(session, bundle, {
            sections: bundle.sections,
            ...limits,
            guards,
            record: recordOf(bundle),
            findings: [],
            place: 'here',
            progress: () => undefined,
          }),
        );
        expect(subject).toMatchObject({
          outcome: 'fail',
          committed: 'unknown',
          apply: { problem: { sqlstate: '08007', advice: expect.stringContaining("pg_xact_status('") } },
        });
      }),
    );
  });
});

describe('a rollback whose connection is cut at the commit', () => {
  const through = (
    target: NotesTarget,
    cut: Cut,
    { signal = quietly.signal, onCut = () => undefined }: Stop = {},
  ) =>
    withCuttingProxy(
      target.connection,
      cut,
      (port) => {
        const databaseUrl = addressOf({ ...target.connection, host: '127.0.0.1', port });
        return rollBackNotes(target, { databaseUrl }, { signal }).catch((error: unknown) => String(error));
      },
      onCut,
    );
  type Stop = { readonly signal?: AbortSignal; readonly onCut?: () => void };

  it('is asked for what became of it, and it was committed', async () => {
    await withReturningTarget(async (target, remains) => {
      await deployMany(target);
      expect(await through(target, 'answer')).toMatchObject({ isDone: true, committed: 'yes' });
      expect(await remains()).toEqual([]);
    });
  });

  it('is asked for what became of it, and it was not', async () => {
    await withReturningTarget(async (target, remains) => {
      await deployMany(target);
      expect(await through(target, 'commit')).toContain('which the server did not carry out');
      expect(await remains()).not.toEqual([]);
    });
  });

  it('is told to be unknown where nobody can be asked, and the run is stopped', async () => {
    await withReturningTarget(async (target) => {
      await deployMany(target);
      const stop = new AbortController();
      const onCut = () => stop.abort(new Error('stopped'));
      const returned = await through(target, 'for good', { signal: stop.signal, onCut });
      expect(returned).toMatchObject({
        isDone: false,
        committed: 'unknown',
        text: expect.stringMatching(/^Unknown whether .* was changed: .*\n.*\n.*pg_xact_status\('\d+'\)/),
        page: { word: 'UNKNOWN' },
      });
    });
  });
});

describe('a deployment that is committed', () => {
  it('has PostgREST read the schema again, and says so in its first line', async () => {
    await withNotesTarget((target) =>
      withClient(target.connection, async (listener) => {
        const heard: (string | undefined)[] = [];
        listener.on('notification', ({ payload }) => heard.push(payload));
        await listener.query('listen pgrst');
        const report = await deploy(target);
        await listener.query('select');
        expect(heard).toEqual(['reload schema']);
        expect(renderConsole(report, { isColored: false, columns: 200 })).toContain(
          `PASS, committed to ${target.connection.host}:${target.connection.port}/${target.database}`,
        );
      }),
    );
  });
});
