import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { SqlError, UserError } from '../../../src/errors.js';
import { describeError } from '../../../src/publish/describe-error.js';
import { buildProblem } from '../../support/build-results.js';

const quiet = { isVerbose: false, detailsAt: '--verbose' };

describe('describeError', () => {
  it.each([2, 3] as const)('says what a person can put right, and ends with %d', (exitCode) => {
    const error = new UserError('bundle.yml: title: missing. Add it.', { exitCode });
    expect(describeError(error, quiet)).toEqual({ text: 'bundle.yml: title: missing. Add it.', exitCode });
  });

  it('shows a SQL error with its place, its line and what to do', () => {
    const problem = buildProblem({
      path: 'sections/01_a.sql',
      line: 4,
      column: 5,
      snippet: '    wrong\n    ^',
    });
    const { text, exitCode } = describeError(new SqlError(problem), quiet);
    expect(exitCode).toBe(3);
    expect(text.split('\n')).toEqual([
      'sections/01_a.sql:4:5: 42883 function public.user_is_in_rom(uuid) does not exist',
      '    wrong',
      '    ^',
      problem.hint,
      problem.advice,
    ]);
  });

  it('passes on what Postgres said outside of a file', () => {
    const error = Object.assign(new pg.DatabaseError('permission denied to create database', 0, 'error'), {
      code: '42501',
    });
    expect(describeError(error, quiet)).toEqual({
      text:
        'Postgres refused (42501): permission denied to create database. The role lacks a privilege. ' +
        'Connect as the owner of the tables (on Supabase the role postgres), or grant what is missing.',
      exitCode: 3,
    });
  });

  it.each([
    new Error('Connection terminated unexpectedly'),
    new Error('Client has encountered a connection error and is not queryable'),
    Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }),
    new AggregateError([], 'Connection terminated'),
  ])('says that a connection was lost', (error) => {
    expect(describeError(error, quiet)).toMatchObject({
      text: 'The connection to Postgres was lost: the server was stopped, killed or restarted, or the network broke. What was not committed is rolled back. Try again.',
      exitCode: 3,
    });
  });

  it('shows the stack of a bug of ours only where somebody asks for details', () => {
    const bug = new TypeError('x is not a function');
    expect(describeError(bug, quiet).text).toBe(
      'Something went wrong that should not: x is not a function. Please report it with the output of --verbose.',
    );
    expect(describeError(bug, { ...quiet, isVerbose: true }).text).toContain('describe-error.test.ts');
  });

  it('gives neither the terminal nor the runner a command that a file name or a database hid in a message', () => {
    const error = new UserError('before: no file matches \u001B[2Jx\n::set-output name=verdict::pass\u202E.');
    expect(describeError(error, quiet).text).toBe(
      'before: no file matches ␛[2Jx\n: :set-output name=verdict::pass‹U+202E›.',
    );
  });

  it('takes whatever was thrown', () => {
    expect(describeError('a string', quiet).text).toContain('a string');
    expect(describeError(undefined, quiet).exitCode).toBe(3);
  });
});
