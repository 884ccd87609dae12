import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { firstWord, lineAt, splitStatements } from '../../../src/bundle/split-statements.js';

const textsOf = (sql: string) => splitStatements(sql).map(({ text }) => text);

describe('splitStatements', () => {
  it('splits at semicolons and leaves out what is empty', () => {
    expect(textsOf('select 1;\n\n;; select 2')).toEqual(['select 1', 'select 2']);
  });

  it('says where each statement begins', () => {
    const sql = '-- why\nselect 1;\n/* and */ select 2;';
    for (const { text, offset } of splitStatements(sql)) expect(sql.startsWith(text, offset)).toBe(true);
    expect(splitStatements(sql).map(({ line }) => line)).toEqual([2, 3]);
    expect(splitStatements(sql).map(({ offset }) => lineAt(sql, offset))).toEqual([2, 3]);
  });

  it.each([
    ['a string', "select 'a;b'"],
    ['a doubled quote', "select 'it''s; here'"],
    ['a backslash, which ends no plain string', "select 'a\\'"],
    ['an escape string', "select E'it\\'s; here'"],
    ['a quoted name', 'select 1 as "a;""b"'],
    ['a dollar quote', 'do $$ begin perform 1; end $$'],
    ['a tagged dollar quote around another', 'do $do$ begin execute $$select 1;$$; end $do$'],
    ['a dollar quote whose tag is not ASCII', 'do $größe$ begin perform 1; end $größe$'],
    ['an escape string that goes on in the next line', "select E'a' -- more\n  'b\\'; c'"],
    ['a string with a Unicode escape', "select U&'a\\; b', U&\"c;d\", n'e;f', b'1;0', x'a;b'"],
    ['a dollar quote behind a parameter', 'select $1$a$;$a$'],
    ['a name that begins with a dollar quote’s tag', 'select $a$ ;$ab$; $a$'],
    ['a block comment', 'select /* a;b */ 1'],
    ['a block comment in a block comment', 'select /* a /* b; */ c; */ 1'],
    ['a line comment', 'select 1 -- a;b\n+ 1'],
    ['parentheses', 'create rule r as on insert to t do also (insert into u values (1); delete from v)'],
    ['the body of a SQL function', 'create function f() returns int begin atomic select 1; select 2; end'],
    [
      'the body of a procedure',
      'create or replace procedure p() begin atomic insert into t values (1); select 2; end',
    ],
    [
      'a case in the body of a SQL function',
      'create function f() returns int\nBEGIN ATOMIC\n  select case when true then 1 else 2 end;\n  select 2;\nEND',
    ],
  ])('keeps together %s', (_what, sql) => {
    expect(textsOf(`${sql};\nselect 'next';`)).toEqual([sql, "select 'next'"]);
  });

  it.each([
    ['a dollar within a name', 'select a$1$b; select 2', 2],
    ['a parameter', 'select $1; select $1', 2],
    ['a name that ends in e before a string', "select date'2026-01-01'; select 2", 2],
    ['a column called atomic', 'select 1 as begin, atomic from (select 2 as atomic) as s; commit', 2],
    ['a function that is called', 'create view f as select function() as begin; commit', 2],
    ['a name that ends in E', "select caféE'\\'; commit; --'", 2],
    ['a carriage return, which ends a comment', 'select 1 --\r; commit', 2],
    ['a quote in a comment', "select 1 -- it's\n; commit", 2],
    ['a comment in an operator', 'select 2*/*;*/3; commit', 2],
    ['a tag that is no tag', 'select $1a$; commit; select $1a$', 3],
    ['a closing parenthesis too many', 'select 1); (commit; select 2)', 2],
    ['a column called begin', 'select "begin"; select 2; end', 3],
  ])('is not taken in by %s', (_what, sql, count) => {
    expect(textsOf(sql)).toHaveLength(count);
  });

  it('leaves an unclosed quote or comment to Postgres, which refuses it', () => {
    expect(textsOf("select 1; select 'a; select 2")).toEqual(['select 1', "select 'a; select 2"]);
    expect(textsOf('select 1; do $$ a; b')).toEqual(['select 1', 'do $$ a; b']);
    expect(textsOf('select 1; /* a; b')).toEqual(['select 1', '/* a; b']);
  });

  it('gives statements that lie in the text, in order, and never overlap', () => {
    const piece = fc.constantFrom(
      ...["'", '"', '$$', '$a$', '/*', '*/', '--', '\n', ';', '(', ')', 'E', 'begin atomic', 'end', ' ', '🏌️'],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const sql = pieces.join('');
        let end = 0;
        for (const { text, offset } of splitStatements(sql)) {
          expect(offset).toBeGreaterThanOrEqual(end);
          expect(sql.slice(offset, offset + text.length)).toBe(text);
          end = offset + text.length;
        }
      }),
    );
  });
});

describe('splitStatements, of a dump of 5 MB,', () => {
  it('takes no longer than reading it', () => {
    const rows = "insert into public.messages values (1, 'it''s one; of many', E'\\n', $$a$$); -- next\n";
    const sql = rows.repeat(Math.ceil(5_000_000 / rows.length));
    const startedAt = performance.now();
    const statements = splitStatements(sql);
    expect(performance.now() - startedAt).toBeLessThan(5000);
    expect(statements.at(-1)?.line).toBe(statements.length);
  });
});

describe('firstWord', () => {
  it.each([
    ['COMMIT', 'commit'],
    ['  begin', 'begin'],
    ['(select 1)', ''],
  ])('of %j is %j', (statement, word) => {
    expect(firstWord(statement)).toBe(word);
  });
});
