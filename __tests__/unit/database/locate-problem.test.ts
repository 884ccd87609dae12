import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { splitStatements } from '../../../src/bundle/split-statements.js';
import { locateProblem } from '../../../src/database/locate-problem.js';

function databaseError(fields: Partial<pg.DatabaseError>): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError(fields.message ?? 'wrong', 0, 'error'), fields);
}

/** Locates an error at `wrong` in the last statement of the text, as Postgres would: counting characters from 1. */
function locate(text: string, fields: Partial<pg.DatabaseError> = {}) {
  const statement = splitStatements(text).at(-1) ?? null;
  const before = statement?.text.split('wrong')[0] ?? '';
  const error = databaseError({ code: '42703', position: String([...before].length + 1), ...fields });
  return locateProblem(error, { file: { path: 'sections/01_a.sql', text }, statement });
}

describe('locateProblem', () => {
  it('gives line and column of the file, with a caret', () => {
    expect(locate('select 1;\n\nselect\n    wrong\nfrom a;')).toMatchObject({
      path: 'sections/01_a.sql',
      line: 4,
      column: 5,
      snippet: '    wrong\n    ^',
      sqlstate: '42703',
    });
  });

  it('finds the first character of a file', () => {
    expect(locate('wrong')).toMatchObject({ line: 1, column: 1, snippet: 'wrong\n^' });
  });

  it('counts an emoji as one character, as Postgres does', () => {
    const text = "select '🏌️ 🏌️';\nselect '🏌️' as a, wrong;";
    const { line, snippet } = locate(text);
    expect(line).toBe(2);
    const [source = '', caret = ''] = snippet?.split('\n') ?? [];
    expect(source.slice(caret.length - 1)).toBe('wrong;');
  });

  it('keeps tabs before the caret, so that it stands under its character in any viewer', () => {
    expect(locate('select\n\t1,\twrong').snippet).toBe('\t1,\twrong\n\t  \t^');
  });

  it('finds the line within a DO block', () => {
    const text = 'select 1;\n\ndo $$\nbegin\n    perform 1;\n    perform wrong;\nend\n$$;';
    const where = 'PL/pgSQL function inline_code_block line 4 at PERFORM';
    expect(locate(text, { position: undefined, where })).toMatchObject({
      line: 6,
      column: null,
      snippet: '    perform wrong;',
    });
  });

  it('finds the line within a tagged DO block that begins on the same line', () => {
    const text = 'do $fix$ begin\n  perform wrong;\nend $fix$;';
    const where = 'SQL statement "x"\nPL/pgSQL function inline_code_block line 2 at PERFORM';
    expect(locate(text, { position: undefined, where })).toMatchObject({ line: 2 });
  });

  it('gives the first line of the statement where Postgres names no place', () => {
    expect(locate('select 1;\nalter table wrong\n  add b int;', { position: undefined })).toMatchObject({
      line: 2,
      column: null,
      snippet: 'alter table wrong',
    });
  });

  it('counts on from where the text begins in its file', () => {
    const text = 'select wrong';
    const [statement = null] = splitStatements(text);
    const error = databaseError({ position: '8' });
    const file = { path: 'scenarios/01_a.sql', text };
    expect(locateProblem(error, { file, statement, firstLine: 20 })).toMatchObject({ line: 20, column: 8 });
  });

  it('knows no line without a statement', () => {
    const file = { path: 'locking the tables', text: 'lock table a' };
    expect(locateProblem(databaseError({ code: '55P03' }), { file, statement: null })).toMatchObject({
      line: null,
      column: null,
      snippet: null,
    });
  });

  it('shows what dynamic SQL ran, with a caret of its own, and who ran it', () => {
    const text = 'do $$ begin\n  execute public.wrong();\nend $$;';
    const { line, inner } = locate(text, {
      position: undefined,
      internalQuery: 'alter table public.notes\n    add colum more text',
      internalPosition: '39',
      where:
        'SQL statement "alter table public.notes"\nPL/pgSQL function public.add() line 3 at EXECUTE\nPL/pgSQL function inline_code_block line 2 at EXECUTE',
    });
    expect(line).toBe(2);
    expect(inner?.split('\n')).toEqual([
      '    add colum more text',
      '             ^',
      'PL/pgSQL function public.add() line 3 at EXECUTE',
      'PL/pgSQL function inline_code_block line 2 at EXECUTE',
    ]);
  });

  it('names the functions in which something failed while it ran', () => {
    const where = 'PL/pgSQL function public.divide() line 3 at RETURN';
    expect(locate('select wrong', { position: undefined, where }).inner).toBe(where);
    expect(locate('select wrong').inner).toBeNull();
  });

  it('keeps what Postgres said, and adds what to do', () => {
    const problem = locate('select wrong', { message: 'no such column', detail: 'd', hint: 'h' });
    expect(problem).toMatchObject({ message: 'no such column', detail: 'd', hint: 'h' });
    expect(problem.advice).toContain('a legacy database may call it otherwise');
  });
});
