import { describe, expect, it } from '@jest/globals';
import type { Progress, State, SubjectResult } from '../../../src/model.js';
import type { Server } from '../../../src/postgres/with-server.js';
import { buildReport } from '../../../src/report/build-report.js';
import { renderComment } from '../../../src/report/render-comment.js';
import { keepFinished } from '../../../src/stages/keep-finished.js';
import { buildReportInput } from '../../support/build-report.js';
import { buildProblem, buildStoppedSubject, buildSubject } from '../../support/build-results.js';

const states = ['01_one', '02_two', '03_three'].map((name) => ({ name })) as unknown as State[];
const ended = buildStoppedSubject(buildProblem({ sqlstate: '57P01' }), { name: '02_two' });

/** A folder in which no server listens. */
const server = { host: '/nowhere', port: 5432, user: 'nobody' } as unknown as Server['connection'];

function rehearse(error: Error, signal = new AbortController().signal) {
  const told: string[] = [];
  const progress: Progress = ({ kind }) => told.push(kind);
  const finish = (result: SubjectResult) => ({ kind: 'subject-finished', result }) as const;
  return keepFinished({ server, states, progress, signal }, async (tell) => {
    tell(finish(ended));
    tell(finish(buildSubject({ name: '01_one' })));
    throw error;
  });
}

describe('keepFinished', () => {
  it('keeps what was rehearsed before the server was lost, and says what was not', async () => {
    const { subjects, lost } = await rehearse(new Error('Connection terminated unexpectedly'));
    expect(subjects.map(({ name }) => name)).toEqual(['01_one']);
    expect(lost).toBe(
      'The Postgres server was lost in the middle of the rehearsal. Rehearsed until then: 1 of 3 databases; not rehearsed: 02_two, 03_three. Run it again.',
    );
  });

  it('takes a server that does not answer any more for lost, whatever the error was', async () => {
    expect((await rehearse(new Error('connect ECONNREFUSED'))).lost).toContain('was lost');
  });

  it('is not for a run that somebody stopped', async () => {
    const stopped = AbortSignal.abort(new Error('stopped'));
    await expect(rehearse(new Error('Connection terminated'), stopped)).rejects.toThrow('stopped');
  });
});

describe('a report of a rehearsal that was broken off', () => {
  it('proves nothing, though all that was rehearsed passed, and shows what that was', async () => {
    const found = await rehearse(new Error('Connection terminated unexpectedly'));
    const plan = { subjects: 3, checks: 24, scenarios: 6 };
    const report = buildReport({ ...buildReportInput(found), plan });
    expect(report).toMatchObject({
      verdict: 'fail',
      isBrokenOff: true,
      tallies: { subjects: { executed: 1 } },
    });
    const text = renderComment(report, { context: null, budget: null });
    expect(text).toMatch(/^## ❌ NOT PROVEN: The Postgres server was lost in the middle of the rehearsal/);
    expect(text).toContain('`01_one`');
  });
});
