import { describe, expect, it } from '@jest/globals';
import { readPlpgsql } from '../../../../src/stages/preservation/read-plpgsql.js';

const sqlOf = (body: string) => readPlpgsql(body).embedded.map(({ sql }) => sql);

describe('readPlpgsql', () => {
  it.each([
    ['perform note(id); -- so', ['select note(id)']],
    [
      'if exists (select from x) then null; elsif n > 1 then y := f(n); end if;',
      ['select exists (select from x)', 'select n > 1', 'select f(n)'],
    ],
    [
      'case n when 1 then delete from x; else update x set a = 1; end case;',
      ['delete from x', 'update x set a = 1'],
    ],
    ['case when n = 1 then delete from x; end case;', ['delete from x']],
    [
      '<<here>> while (case when a then b end) loop exit here when c; end loop here;',
      ['select (case when a then b end)'],
    ],
    ['for i in reverse 3..n loop delete from x; end loop;', ['delete from x']],
    ['foreach a slice 1 in array b loop delete from x; end loop;', ['select b', 'delete from x']],
    ['select a, b into strict c, new.d from x;', ['select a, b from x', 'select new.d']],
    ['insert into x (a) values (1) returning a into b[1];', ['insert into x (a) values (1) returning a ']],
    ['new.a := 1; b[2] = 3;', ['select new.a', 'select 1', 'select 3']],
    ['return query select 1; return query execute s; return next r; return;', ['select 1', 'select r']],
    ['open c for select 1; fetch c into r; close c; raise notice $$a;b$$, n;', ['select 1', 'select 1']],
    ['execute s; get diagnostics n = row_count; commit; null;', []],
    [
      'begin delete from x; exception when others then insert into y values (sqlerrm); end;',
      ['delete from x', 'insert into y values (sqlerrm)'],
    ],
  ] as [string, string[]][])('finds the SQL of %s', (body, found) => {
    expect(sqlOf(`#variable_conflict use_column\nbegin ${body} end`)).toEqual(found);
  });

  it('knows what is declared, and the rows that a query fills', () => {
    const { variables, embedded } = readPlpgsql(
      `declare a constant numeric(9, 2) not null := 1; b public.x%rowtype; c cursor for select 2; d alias for $1; "E" text = 'e';
       begin for r in select 3 loop null; end loop; for i in 1..2 loop declare j int; begin null; end; end loop; end`,
    );
    expect(Object.fromEntries(variables)).toEqual({
      found: 'boolean',
      a: 'numeric(9, 2)',
      b: 'public.x',
      d: '$1%type',
      '"E"': 'text',
      i: 'integer',
      j: 'int',
    });
    expect(embedded.map(({ sql, into }) => [sql, into])).toEqual([
      ['select 1', null],
      ['select 2', 'cursor c'],
      ["select 'e'", null],
      ['select 3', 'r'],
    ]);
  });
});
