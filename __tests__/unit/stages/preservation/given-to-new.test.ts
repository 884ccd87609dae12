import { describe, expect, it } from '@jest/globals';
import { answersAnother, changedIn, keepsAsItWas } from '../../../../src/stages/preservation/given-to-new.js';
import { readPieces } from '../../../../src/stages/preservation/read-pieces.js';

const changed = (body: string) => changedIn(readPieces(body), []);

describe('what a trigger gives to the row', () => {
  it.each([
    ["if new.memo = 'x' then new.memo := null; end if;", 'memo'],
    ["if new.memo = 'x' then new := old; end if;", '*'],
    ["if new.memo = 'x' then select 'y' into strict new.memo; end if;", 'memo'],
    ['begin select 1, w.text from words as w where w.id = 7 into new.id, new.memo; end', 'memo'],
    ["begin for new.memo in select 'y' loop exit; end loop; end", 'memo'],
  ])('is another value: %s', (body, column) => {
    expect(changed(body)).toContain(column);
  });

  it.each([
    'begin new.changed_at := pg_catalog.now(); return new; end',
    'begin if new.word is null then select w.text into new.word from words as w where w.id = new.id; end if; return new; end',
    "begin insert into log (what, memo) values ('x', new.memo); return new; end",
    "begin update rooms set memo = 'x', id = new.id where id = 7; return new; end",
    "begin perform f('x', new.memo, new); return new; end",
  ])('is none: %s', (body) => {
    expect(changed(body)).toEqual([]);
  });
});

describe('what a trigger answers', () => {
  it.each([
    "begin if new.memo = 'x' then return nothing; end if; return new; end",
    'begin return case when new.id = 7 then null else new end; end',
  ])('is another row: %s', (body) => {
    expect(answersAnother(readPieces(body))).toBe(true);
  });

  it.each([
    "begin if tg_op = 'DELETE' then return old; end if; return new; end",
    'begin if new.id = 7 then return null; end if; return coalesce(new, old); end',
    'begin copied := new; return copied; end',
  ])('is none: %s', (body) => {
    expect(answersAnother(readPieces(body))).toBe(false);
  });

  it('keeps the row of an update as it was', () => {
    const all = 'CREATE TRIGGER t BEFORE DELETE OR UPDATE ON public.notes FOR EACH ROW EXECUTE FUNCTION f()';
    const own = readPieces("begin if tg_op = 'DELETE' then return old; end if; return new; end");
    const always = readPieces('begin if new.id = 7 then return old; end if; return new; end');
    expect(keepsAsItWas(own, all)).toBe(false);
    expect(keepsAsItWas(always, all)).toBe(true);
    expect(keepsAsItWas(own, all.replace('DELETE OR ', ''))).toBe(true);
  });
});
