import { afterEach, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { keepingAlone } from '../../src/database/commit.js';
import { withSession } from '../../src/database/with-session.js';
import type { SubjectResult } from '../../src/model.js';
import { deployTarget } from '../../src/stages/deploy-target.js';
import { recordOf } from '../support/deploy-notes.js';
import { limits } from '../support/limits.js';
import { type Changes, loadNotes, thirdSection } from '../support/notes-bundle.js';
import { type NotesTarget, withNotesTarget } from '../support/notes-target.js';
import { withClient } from '../support/server.js';

const realSetTimeout = globalThis.setTimeout;
const sleep = (milliseconds: number) => new Promise<void>((done) => realSetTimeout(done, milliseconds));

const open = {
  mayCreate: false,
  window: { notBefore: null, notAfter: null },
  ending: 'commit',
  planned: null,
  keeping: keepingAlone,
} as const;

/** Deploys while somebody has written a row, which they commit when they are waited for: who reads what was noted before that. */
async function deployBehindAWriter(
  target: NotesTarget,
  files: Parameters<typeof loadNotes>[0] = {},
  write = "insert into public.notes (writer, body) values ('ann', 'late')",
): Promise<SubjectResult> {
  const bundle = await loadNotes(files);
  return withClient(target.connection, async (writer) => {
    await writer.query(`begin; ${write}`);
    const deployment = withSession(target.connection, (session) =>
      deployTarget(session, bundle, {
        sections: bundle.sections,
        ...limits,
        guards: { ...open, firstLock: { milliseconds: 20_000 } },
        record: recordOf(bundle),
        place: 'here',
        findings: [],
        progress: () => undefined,
      }),
    );
    const isWaitedFor = async () =>
      (await writer.query("select from pg_locks where relation = 'public.notes'::regclass and not granted"))
        .rows.length > 0;
    while (!(await isWaitedFor())) await sleep(10);
    await writer.query('commit');
    return deployment;
  });
}

/** Deploys while somebody else holds a lock on the table; the pauses between two tries take no time. */
async function deployAgainst(
  target: NotesTarget,
  hold: (holder: pg.Client, attempts: () => number) => Promise<void>,
  told: string[] = [],
): Promise<SubjectResult> {
  const bundle = await loadNotes();
  return withSession(target.connection, (session) =>
    withClient({ ...target.connection, application_name: 'nightly import' }, async (holder) => {
      await holder.query('begin; lock table public.notes in exclusive mode');
      jest.useFakeTimers({
        doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance', 'Date'],
      });
      let isDone = false;
      let attempts = 0;
      const deployment = deployTarget(session, bundle, {
        sections: bundle.sections,
        ...limits,
        // Everybody else who writes waits as long, and no longer.
        guards: { ...open, firstLock: { milliseconds: 50 } },
        record: recordOf(bundle),
        place: 'here',
        findings: [],
        progress: (event) => {
          if (event.kind === 'stage-started' && event.stage === 'apply') attempts += 1;
          if (event.kind === 'waiting') told.push(event.text);
        },
      }).finally(() => {
        isDone = true;
      });
      const holding = hold(holder, () => attempts);
      while (!isDone) {
        await sleep(10);
        await jest.advanceTimersByTimeAsync(1000);
      }
      await holding;
      return deployment;
    }),
  );
}

describe('a lock that somebody else holds', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('is waited for by trying again', async () => {
    await withNotesTarget(async (target) => {
      const result = await deployAgainst(target, async (holder, attempts) => {
        while (attempts() < 2) await sleep(10);
        await holder.query('rollback');
      });
      expect(result).toMatchObject({ outcome: 'pass', apply: { outcome: 'pass' } });
      if (result.apply.outcome === 'pass') expect(result.apply.attempts).toBeGreaterThan(1);
    });
  });

  it('lets others write until it is had; who reads what they wrote is noted then', async () => {
    await withNotesTarget(async (target) => {
      const door = thirdSection(
        `create policy more on public.notes for select to app_user using (body = 'late');`,
      );
      expect(await deployBehindAWriter(target, door)).toMatchObject({
        outcome: 'fail',
        committed: 'no',
        access: { outcome: 'fail', gained: 3 },
      });
      expect(await deployBehindAWriter(target)).toMatchObject({
        outcome: 'pass',
        committed: 'yes',
        apply: { attempts: 1 },
        access: { outcome: 'pass' },
      });
    });
  });

  it('lets others write until it is had; what a rule says is asked then, also of what the API does not show', async () => {
    await withNotesTarget(async (target) => {
      await withClient(target.connection, (client) =>
        client.query('create schema office; create table office.banned (person text)'),
      );
      const rule: Changes = {
        'access/01_own_notes.sql': (text) =>
          `${text} and not exists (select from office.banned as b where b.person = p.claims ->> 'sub')`,
      };
      const held = 'lock table public.notes in row exclusive mode;';
      expect(
        await deployBehindAWriter(target, rule, `${held} insert into office.banned values ('ann')`),
      ).toMatchObject({ committed: 'no', access: { outcome: 'fail', gained: 1 } });
      expect(await deployBehindAWriter(target, rule, `${held} delete from office.banned`)).toMatchObject({
        committed: 'yes',
        access: { outcome: 'pass' },
      });
    });
  });

  it.each([
    [
      'that came, which the fix deletes',
      "insert into public.notes (writer, body) values ('ann', 'late')",
      "delete from public.notes where body = 'late'",
      'gone',
    ],
    [
      'that was changed, which the fix gives its old words',
      "update public.notes set body = 'late' where body = 'bread'",
      "update public.notes set body = 'bread' where body = 'late'",
      'changed',
    ],
    [
      'that was changed, which stays',
      "update public.notes set body = 'late' where body = 'bread'",
      'select 1',
      null,
    ],
  ])(
    'lets others write until it is had; a row %s, is compared as it is then',
    async (_, write, section, word) => {
      await withNotesTarget(async (target) => {
        const result = await deployBehindAWriter(target, thirdSection(section), write);
        expect(result).toMatchObject(
          word === null
            ? { committed: 'yes', preservation: { outcome: 'pass' } }
            : {
                committed: 'no',
                preservation: { comparison: { differences: [{ table: 'public.notes', word }] } },
              },
        );
      });
    },
  );

  it.each([
    ['is asked again where that was written', 'delete from office.banned', 'fail'],
    ['holds where nothing was', 'select 1', 'pass'],
  ])(
    'lets others write until it is had; what the manifest asks of another table %s',
    async (_, write, outcome) => {
      await withNotesTarget(async (target) => {
        await withClient(target.connection, (client) =>
          client.query(
            "create schema office; create table office.banned (person text); insert into office.banned values ('ben')",
          ),
        );
        const banned: Changes = {
          'bundle.yml': (text) =>
            text.replace(
              '    quarantine:\n',
              '    quarantine:\n      - { reason: banned, when: said.author in (select b.person from office.banned as b) }\n',
            ),
          ...thirdSection(
            `with banned as (delete from public.notes where author = 'ben' returning *)
           insert into notes_quarantine.rows select 'public.notes', 'banned', pg_catalog.to_jsonb(banned) from banned;`,
          ),
        };
        const held = 'lock table public.notes in row exclusive mode;';
        expect(await deployBehindAWriter(target, banned, `${held} ${write}`)).toMatchObject({
          preservation: { outcome },
        });
      });
    },
  );

  it('reads no row again that nobody has written meanwhile', async () => {
    await withNotesTarget(async (target) => {
      const asked = jest.spyOn(pg.Client.prototype, 'query');
      await deployBehindAWriter(target, {}, 'lock table public.notes in row exclusive mode');
      const texts = asked.mock.calls.map(([text]) => String(text));
      asked.mockRestore();
      const isNoting = (text: string) => text.includes('insert into pg_temp.schema_fix_rows');
      const locked = texts.findIndex((text) => text.includes('in share row exclusive mode'));
      expect(locked).toBeGreaterThan(0);
      expect(texts.slice(0, locked).filter(isNoting)).toHaveLength(1);
      expect(texts.slice(locked).filter(isNoting)).toEqual([]);
    });
  });

  it('keeps nobody waiting who only wants to look', async () => {
    await withNotesTarget((target) =>
      withClient(target.connection, async (holder) => {
        await holder.query('begin; lock table public.notes');
        const bundle = await loadNotes();
        const options = {
          sections: bundle.sections,
          lockTimeout: 50,
          statementTimeout: 60_000,
          guards: null,
          record: null,
          place: 'here',
          findings: [],
        };
        await expect(
          withSession(target.connection, (session) =>
            deployTarget(session, bundle, { ...options, progress: () => undefined }),
          ),
        ).rejects.toMatchObject({ code: '55P03' });
      }),
    );
  });

  it('ends a deployment that has tried often enough, and nothing is changed', async () => {
    await withNotesTarget(async (target) => {
      const told: string[] = [];
      const result = await deployAgainst(target, async () => undefined, told);
      expect(told).toHaveLength(12);
      expect(told[0]).toMatch(
        /^Try 1 ended: the tables are locked by process \d+, nightly import of \w+, idle in transaction, whose transaction has gone on for \d+ s\./,
      );
      expect(result).toMatchObject({
        outcome: 'fail',
        apply: { outcome: 'fail', attempts: 13, problem: { sqlstate: '55P03', path: 'locking the tables' } },
        rerun: { outcome: 'skipped' },
      });
      expect(await target.changes()).toEqual([]);
    });
  });
});
