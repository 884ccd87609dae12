import { describe, expect, it } from '@jest/globals';
import { readPieces } from '../../../../src/stages/preservation/read-pieces.js';
import { tablesOfTheCaller } from '../../../../src/stages/preservation/tables-of-the-caller.js';
import { answersTheFirst, takesTheFirst } from '../../../../src/stages/preservation/takes-the-first.js';

const defined = (body: string, path: string | null) =>
  `CREATE OR REPLACE FUNCTION app.f()\n RETURNS boolean\n LANGUAGE sql\n STABLE${path === null ? '' : `\n SET search_path TO ${path}`}\nAS $function$ ${body} $function$\n`;

const isTable = (name: string) => ['letters', 'rooms'].includes(name);

describe('tablesOfTheCaller', () => {
  it.each([
    ['select exists (select from letters)', "'app'", ['letters']],
    ['select exists (select from letters)', null, ['letters']],
    [
      'select exists (select from app.rooms as r join only letters using (id))',
      "'app', 'public'",
      ['letters'],
    ],
    ['insert into letters default values', "'app'", ['letters']],
    ['select exists (select from letters)', "'app', 'pg_temp'", []],
    ['select exists (select from letters)', "''", []],
    ['select exists (select from app.letters)', "'app'", []],
    ['with letters as (select 1) select exists (select from letters)', "'app'", []],
    ['select 1 is distinct from rooms, extract(day from rooms) from app.days', "'app'", []],
    ["select 'from letters' from generate_series(1, 2) -- from letters", "'app'", []],
    ['begin select id into rooms from app.rooms; end', "'app'", []],
  ])('%s, search_path %s', (body, path, tables) => {
    expect(tablesOfTheCaller(defined(body, path), isTable)).toEqual(tables);
  });

  it('is not asked of what Postgres keeps parsed', () => {
    expect(
      tablesOfTheCaller('CREATE FUNCTION f()\nBEGIN ATOMIC\n SELECT FROM letters;\nEND', isTable),
    ).toEqual([]);
  });
});

describe('takesTheFirst', () => {
  it.each([
    'select (select b.id from books as b limit 1) = 3',
    'select b.id from books as b fetch first 1 row only',
    'begin for one in select b.id from books as b loop return one.id; end loop; end',
    'begin for one in select * from books loop found := one.id; exit; end loop; end',
    'begin select b.id into x from books as b; return x = 2; end',
    'declare c cursor for select b.id from books as b; begin open c; end',
    "select string_agg(id, ',') from books",
  ])('so does %s', (body) => {
    expect(takesTheFirst(readPieces(body))).toBe(true);
  });

  it.each([
    'select b.id from books as b order by b.id limit 1',
    'select role from profiles where id = auth.uid() limit 1',
    'select exists (select from books limit 1)',
    'begin select count(*) into x from books; return x = 2; end',
    'begin select b.id into x from books as b where b.id = 1; return x = 2; end',
    'insert into books select 1',
    "select string_agg(id, ',' order by id) from books",
    'select a.limit from a',
  ])('not so %s', (body) => {
    expect(takesTheFirst(readPieces(body))).toBe(false);
  });
});

describe('answersTheFirst', () => {
  const made = (answers: string, body: string) =>
    `CREATE OR REPLACE FUNCTION public.f()\n RETURNS ${answers}\n LANGUAGE sql\n STABLE\nAS $function$ ${body} $function$\n`;

  it.each([
    'select b.is_open from books as b',
    'select 1; select b.is_open from books as b where b.price > 3;',
  ])('is told of a value that comes from %s', (body) => {
    expect(answersTheFirst(made('boolean', body))).toBe(true);
    expect(answersTheFirst(made('SETOF boolean', body))).toBe(false);
  });

  it.each([
    'select exists (select from books as b where b.is_open)',
    'select b.is_open from books as b where b.id = 1',
    'select pg_catalog.bool_or(b.is_open) from books as b',
    'select b.is_open from books as b order by b.id',
    'select coalesce((select 1 from books), 2)',
    'select 1',
  ])('is not told of %s', (body) => expect(answersTheFirst(made('boolean', body))).toBe(false));
});
