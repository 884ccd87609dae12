import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readStatements, type Script } from '../../../src/before/read-statements.js';
import { splitStatements } from '../../../src/bundle/split-statements.js';

async function* inPieces(text: string, cuts: readonly number[]): AsyncGenerator<string> {
  let from = 0;
  for (const cut of [...cuts].sort((one, other) => one - other)) {
    if (cut <= from || cut >= text.length) continue;
    yield text.slice(from, cut);
    from = cut;
  }
  yield text.slice(from);
}

const scriptOf = (text: AsyncIterable<string>, isDump = false): Script => ({ path: 'a.sql', isDump, text });

interface Item {
  readonly kind: string;
  readonly text: string;
  readonly line: number;
  readonly rows?: string;
  readonly firstRow?: number;
}

async function readAll(text: string, cuts: readonly number[] = [], isDump = false): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of readStatements(scriptOf(inPieces(text, cuts), isDump))) {
    const { kind, line } = item;
    if (item.kind !== 'copy') items.push({ kind, text: item.text, line });
    else {
      let rows = '';
      for await (const chunk of item.rows) rows += chunk;
      items.push({ kind, text: item.text, line, rows, firstRow: item.firstRow });
    }
  }
  return items;
}

/** What hides semicolons and what only looks like it, and rows. */
const parts = [
  ...[
    'select 1;',
    ';',
    '\n',
    ' ',
    '-- a; b\n',
    '/* a; /* b */ ; */',
    "'a;''b'",
    "E'a\\';b'",
    '"a;""b"',
    '$$;$$',
    '$a$;$b$;$a$',
  ],
  ...[
    '(',
    ')',
    'a$b$c',
    '$1',
    'e',
    "n'x'",
    '-',
    '/',
    '*',
    '$',
    '\u00e9',
    '\u{1f389}',
    'begin',
    'commit;',
    'create function f() begin atomic select case when 1 end; end;',
  ],
  ...[
    'insert into t values (1);',
    'create rule r as on insert to t do (a; b);',
    "U&'\\0041;'",
    "E'a'\n  '\\';b'",
    '\u00a0',
    "e'a' -- x\n'b\\';'",
    "'a\\'",
    '--\r',
    'as $_$ x; $_$ y;',
  ],
];
const script = fc.array(fc.constantFrom(...parts), { maxLength: 14 }).map((chosen) => chosen.join(' '));
const cuts = fc.array(fc.nat(300), { maxLength: 6 });

describe('readStatements', () => {
  it('finds the same wherever the text is cut into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(script, cuts, async (text, at) => {
        expect(await readAll(text, at)).toEqual(await readAll(text));
      }),
      { numRuns: 400 },
    );
  });

  it('finds what a bundle’s file is split into', async () => {
    await fc.assert(
      fc.asyncProperty(script, async (text) => {
        const items = await readAll(text);
        // Outside of quotes a backslash is psql's, which no bundle's file is for.
        fc.pre(items.every(({ kind }) => kind !== 'command'));
        const found = items.map(({ text: statement, line }) => ({ text: statement, line }));
        expect(found).toEqual(
          splitStatements(text).map((statement) => ({ text: statement.text, line: statement.line })),
        );
      }),
      { numRuns: 400 },
    );
  });

  it('takes a backslash for psql’s where a string that went on in another line has ended', async () => {
    const text = "select E'a\\';b' --\r 'a\\' 'a\\';b";
    expect(splitStatements(text)).toHaveLength(1);
    expect((await readAll(text)).map(({ kind }) => kind)).toEqual(['command']);
  });

  it('gives the rows of COPY as they are, up to their end, wherever they are cut', async () => {
    const text =
      'copy public.t (a, "from", b) from stdin;\n1\t;\n\\N\t\\\\.\n\\.x\n2\t$$\n\\.\nselect 1;\nCOPY public.u FROM stdin WITH (FORMAT text);\n\\.\nselect 2;';
    const expected: Item[] = [
      {
        kind: 'copy',
        text: 'copy public.t (a, "from", b) from stdin',
        line: 1,
        firstRow: 2,
        rows: '1\t;\n\\N\t\\\\.\n\\.x\n2\t$$\n',
      },
      { kind: 'statement', text: 'select 1', line: 7 },
      { kind: 'copy', text: 'COPY public.u FROM stdin WITH (FORMAT text)', line: 8, firstRow: 9, rows: '' },
      { kind: 'statement', text: 'select 2', line: 10 },
    ];
    for (let cut = 1; cut < text.length; cut += 1) expect(await readAll(text, [cut])).toEqual(expected);
  });

  it('passes over rows that nobody reads, or reads to their end', async () => {
    async function* rows() {
      yield 'copy t from stdin;\n1\n2\n';
      yield '3\n\\.\nselect 1;';
    }
    const kinds: string[] = [];
    for await (const item of readStatements(scriptOf(rows()))) {
      kinds.push(item.kind);
      if (item.kind === 'copy') for await (const _ of item.rows) break;
    }
    expect(kinds).toEqual(['copy', 'statement']);
  });

  it('holds no more of the rows than a piece or two, however many there are', async () => {
    let produced = 0;
    async function* endless() {
      yield 'copy t from stdin;\n';
      for (; produced < 2000; produced += 1) yield `${'x'.repeat(1000)}\n`.repeat(10);
      yield '\\.\n';
    }
    let consumed = 0;
    let most = 0;
    for await (const item of readStatements(scriptOf(endless()))) {
      if (item.kind !== 'copy') continue;
      for await (const chunk of item.rows) {
        consumed += chunk.length;
        most = Math.max(most, produced * 10_010 - consumed);
      }
    }
    expect(consumed).toBe(20_020_000);
    expect(most).toBeLessThan(50_000);
  });

  it('does not wait for the end of a comment before it lets go of what came before', async () => {
    const comment = `/* ${'x'.repeat(100_000)} */ select 1;`;
    expect(await readAll(`${comment}\n${comment}`, [10, 1000, 90_000, 100_020, 150_000])).toHaveLength(2);
  });

  it('tells commands of psql from what is quoted', async () => {
    const text = "\\restrict a;b\nselect '\\x', E'\\\\', \"\\y\" -- \\z\n;\nselect 1 \\gexec\n";
    expect((await readAll(text)).map(({ kind, line }) => `${line}: ${kind}`)).toEqual([
      '1: command',
      '2: statement',
      '4: command',
    ]);
  });

  it('reads a plain string’s backslash as the file says', async () => {
    expect(await readAll("set standard_conforming_strings = off;\nselect 'a\\';b';")).toHaveLength(2);
    expect(await readAll("set standard_conforming_strings = on;\nselect 'a\\';\nselect 'b';")).toHaveLength(
      3,
    );
  });

  it.each([
    ['a comment', '/* create table t ();\n/* */\n', false, 3],
    ['a comment', 'select 1;\n/* select 2;', true, 2],
    ['the rows of copy', 'copy t from stdin;\n1\n', false, 3],
    ['the rows of copy', 'copy t from stdin;\n1\n2', false, 3],
    ['the rows of copy', 'copy t from stdin;', false, 1],
    ['a statement', 'select 1;\n\nalter table t add column c text', true, 3],
    ['a statement', "select '1;", true, 1],
  ])('refuses a text that ends within %s: %j', async (what, text, isDump, line) => {
    for (const at of [[], [5], [text.length - 1]]) {
      await expect(readAll(text, at, isDump)).rejects.toThrow(
        `a.sql: ends within ${what} (line ${line}), as`,
      );
    }
  });

  it.each(['select 1', 'copy t from stdin;\n1\n\\.', 'select 1; -- a', 'select 1;\n\\unrestrict a'])(
    'takes a text that ends with %j',
    async (text) => {
      expect(await readAll(text)).toHaveLength(text.includes('unrestrict') ? 2 : 1);
    },
  );

  it('closes the text where its reader leaves', async () => {
    let isClosed = false;
    async function* endless() {
      try {
        for (;;) yield 'select 1;\n';
      } finally {
        isClosed = true;
      }
    }
    for await (const _ of readStatements(scriptOf(endless()))) break;
    expect(isClosed).toBe(true);
  });
});
