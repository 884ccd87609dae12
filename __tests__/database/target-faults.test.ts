/** Faults in each section and at the end of a deployment: afterwards the database is as it was, or fixed, and the report says which. */
import { describe, expect, it } from '@jest/globals';
import { withBareSession } from '../../src/database/with-session.js';
import type { Report, SubjectResult } from '../../src/model.js';
import { renderConsole } from '../../src/report/render-console.js';
import { deployTarget } from '../../src/stages/deploy-target.js';
import { type Cut, withCuttingProxy } from '../support/cutting-proxy.js';
import { deployNotes as deploy, recordOf } from '../support/deploy-notes.js';
import { loadNotes } from '../support/notes-bundle.js';
import { addressOf, type NotesTarget, withNotesTarget } from '../support/notes-target.js';
import { withClient } from '../support/server.js';

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
    'set local statement_timeout = 1; select pg_catalog.pg_sleep(1);',
    '57014',
  ],
  'its backend terminated': ['select pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid());', '57P01'],
  'a lost row': ["delete from public.notes where body = 'beer';", 'preservation'],
  'another value': ["update public.notes set body = 'wine' where body = 'beer';", 'preservation'],
  'an opened door': ['create policy everybody on public.notes to app_user using (true);', 'access'],
  'something else every time': ['create table public.t_$$ ();'.replace('$$', 'x'), 'preservation'],
};

function sayWhy({ subjects: [subject] }: Report): string {
  if (subject === undefined) return 'nothing';
  if (subject.apply.outcome === 'fail') return subject.apply.problem?.sqlstate ?? '';
  const stages = ['preservation', 'access', 'rerun'] as const;
  return stages.find((stage) => subject[stage].outcome === 'fail') ?? 'nothing';
}

describe('a deployment with a fault', () => {
  it('leaves the database as it was, whatever the fault and wherever', async () => {
    await withNotesTarget(async (target) => {
      const told: string[] = [];
      const expected: string[] = [];
      for (const [fault, [sql, said]] of Object.entries(faults)) {
        for (const section of sections) {
          const outcome = await deploy(target, { [section]: (text) => `${text}\n${sql}\n` }).then(
            (report) => `${report.subjects[0]?.committed}, ${sayWhy(report)}`,
            String,
          );
          const changes = await target.changes();
          const isAsSaid =
            said.split(' or ').some((word) => outcome.includes(word)) && !outcome.includes('yes');
          told.push(
            `${fault} in ${section}: ${isAsSaid ? said : outcome}; changed: ${changes.join() || 'nothing'}`,
          );
          expected.push(`${fault} in ${section}: ${said}; changed: nothing`);
        }
      }
      expect(told).toEqual(expected);
      expect((await deploy(target)).verdict).toBe('pass');
    });
  });
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
            lockTimeout: 3000,
            statementTimeout: 60_000,
            guards: {
              mayCreate: false,
              window: { notBefore: null, notAfter: null },
              ending: 'commit',
              planned: null,
              firstLock: null,
              record: recordOf(bundle),
              learnFate: async () => 'unknown',
            },
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
