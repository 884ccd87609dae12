/** Whether a text is split where Postgres ends its statements, judged by the server itself. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { splitStatements } from '../../src/bundle/split-statements.js';
import { runFile } from '../../src/database/run-file.js';
import { withSession } from '../../src/database/with-session.js';
import { withRollback } from '../../src/database/with-transaction.js';
import { useTestDatabase } from '../support/server.js';

const database = useTestDatabase();

/** What may stand between two tokens, and a statement's value: each may hide a semicolon or a quote, or seem to. */
const gap = fc.constantFrom(' ', '\n', '\t', '/*;*/', "/* /* ' */ ; */", "-- it's;\n", '--$$;\r', '/**/ ');
const value = fc.constantFrom(
  ...[
    "'a'",
    "';'",
    "'it''s;'",
    "'\\'",
    "E'\\';'",
    "e'\\\\'",
    "E'a'\n'\\';'",
    "'a'\n';'",
    "E'a' --;'\n '\\';'",
  ],
  ...["U&'\\003b'", "U&'d!003b;' uescape '!'", "n';'", "b'1'", "x'1f'", "$$;'$$", '$a$;$$;$a$', '$é1$;"$é1$'],
  ...[
    "date'2026-01-01'",
    "(';')",
    '(select 1)',
    'case when true then 1 else 2 end',
    '1-1',
    '2*/*;*/3',
    '1--;\n',
  ],
);
const name = fc.constantFrom(
  'begin',
  'atomic',
  '"end"',
  '";"',
  'function',
  'é',
  'e',
  'a$a$b',
  '"a""b;"',
  'U&";"',
);

const select = fc
  .tuple(gap, fc.array(fc.tuple(value, gap, name, gap), { minLength: 1, maxLength: 4 }))
  .map(([first, columns]) => `select${first}${columns.map((column) => asColumn(...column)).join(',')}`);

function asColumn(expression: string, before: string, called: string, after: string): string {
  return `${expression} as${before} ${called}${after}`;
}

const other = fc.constantFrom(
  "create or replace function pg_temp.f() returns int begin atomic select 1; select case when ';' = '' then 2 end; end",
  "create or replace procedure pg_temp.p() begin atomic select ';'; end",
  "create or replace function pg_temp.g() returns text language sql as 'select $$;$$'",
  'do $do$ begin perform $$;$$; end $do$',
);

describe('splitStatements', () => {
  it('finds as many statements as the server does, which takes each of them for one', async () => {
    const statement = fc.oneof({ weight: 6, arbitrary: select }, other);
    await withSession(database(), (session) =>
      fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(gap, statement), { maxLength: 5 }), async (parts) => {
          const sql = parts.map(([before, text]) => `${before}${text};`).join('');
          expect(splitStatements(sql)).toHaveLength(parts.length);
          await withRollback(session, () => runFile(session, { path: 'a.sql', text: sql }));
          const all: unknown = await session.query(`begin; ${sql}; rollback`);
          expect(all).toHaveLength(parts.length + 2);
        }),
        { numRuns: 300 },
      ),
    );
  });
});
