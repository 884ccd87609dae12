import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { isRaised } from '../../../src/database/database-error.js';
import { withoutValues } from '../../../src/database/without-values.js';

describe('a data exception without its value', () => {
  it.each([
    ['invalid input syntax for type integer: "hush"', 'invalid input syntax for type integer: "…"'],
    ['invalid input syntax for type integer: "a"hush"b"', 'invalid input syntax for type integer: "…"'],
    ['ungültige Eingabesyntax für Typ integer: »hush«', 'ungültige Eingabesyntax für Typ integer: "…"'],
    ['neplatná syntaxe pro typ integer: „hush“', 'neplatná syntaxe pro typ integer: "…"'],
    [
      'syntaxe en entrée invalide pour le type integer : « hush »',
      'syntaxe en entrée invalide pour le type integer : "…"',
    ],
    ['cú pháp không hợp lệ: “hush\nhush”', 'cú pháp không hợp lệ: "…"'],
    ['integer out of range', 'integer out of range'],
  ])('%s', (message, told) => {
    expect(withoutValues(message)).toBe(told);
  });
});

describe('an error whose text a function has put together', () => {
  const error = (routine: string, file: string) =>
    Object.assign(new pg.DatabaseError('hush', 4, 'error'), { routine, file });

  it.each([
    ['exec_stmt_raise', 'pl_exec.c', true],
    ['exec_stmt_assert', 'pl_exec.c', true],
    ['PLy_elog_impl', 'plpy_elog.c', true],
    ['rethrow', 'plv8.cc', true],
    ['exec_stmt_case', 'pl_exec.c', false],
    ['check_stack_depth', 'postgres.c', false],
    ['RevalidateCachedQuery', 'plancache.c', false],
  ])('is recognised by where Postgres raised it: %s in %s', (routine, file, is) => {
    expect(isRaised(error(routine, file))).toBe(is);
  });
});
