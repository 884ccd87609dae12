import { describe, expect, it } from '@jest/globals';
import { adviseOnRights } from '../../../src/database/with-builder.js';
import { adviseOnLoading } from '../../../src/loading/advise-on-loading.js';
import type { SqlProblem } from '../../../src/model.js';

const problem = (message: string) => ({ sqlstate: '42501', message, hint: null }) as SqlProblem;

describe('what is said of roles, which belong to the whole server', () => {
  it.each([
    ['permission denied to create role', 'Make it in a platform of the bundle'],
    ['permission denied to grant role "app_user"', 'Grant it in the platform'],
    ['permission denied for table secrets', 'If the hosting did it, leave the statement out'],
  ])('answers "%s" of a file', (message, said) => {
    expect(adviseOnLoading(problem(message), { statement: '', missing: [] })).toContain(said);
  });

  it.each([
    ['must be able to SET ROLE "app_owner"', 'The role is on this server already'],
    ['permission denied to create extension "file_fdw"', 'without the rights of a superuser'],
  ])('answers "%s" of a platform', (message, said) => {
    expect(adviseOnRights(problem(message)).advice).toContain(said);
  });
});
