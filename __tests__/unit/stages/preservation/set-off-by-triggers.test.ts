import { describe, expect, it } from '@jest/globals';
import { readPieces } from '../../../../src/stages/preservation/read-pieces.js';
import { stopsWhatTriggersWrite } from '../../../../src/stages/preservation/set-off-by-triggers.js';

const returnsNull = (body: string, when = '') =>
  stopsWhatTriggersWrite(readPieces(when), readPieces(body), (pieces) =>
    pieces.some(({ text }, at) => text === 'return' && pieces[at + 1]?.text === 'null'),
  );

describe('what a trigger does where another trigger writes the row', () => {
  it.each([
    'begin if pg_catalog.pg_trigger_depth() > 1 then return null; end if; return new; end',
    'begin if 2 <= pg_trigger_depth() and new.id > 0 then return null; end if; return new; end',
    'begin if pg_trigger_depth() = 1 then return new; end if; return null; end',
    'begin if pg_trigger_depth() < 2 then if new.id > 0 then perform 1; end if; return new; else return null; end if; end',
    'begin if not pg_trigger_depth() <= 1 then return null; end if; return new; end',
    'declare deep int := pg_trigger_depth(); begin if deep > 1 then return null; end if; return new; end',
    'begin return case when pg_trigger_depth() > 1 then null else new end; end',
  ])('stops it: %s', (body) => {
    expect(returnsNull(body)).toBe(true);
  });

  it.each([
    'begin if pg_trigger_depth() > 1 then return new; end if; return null; end',
    'begin if pg_trigger_depth() = 1 then return null; end if; return new; end',
    'begin if pg_trigger_depth() = 1 then perform 1; end if; return new; end',
    'begin return null; end',
  ])('does not stop it: %s', (body) => {
    expect(returnsNull(body)).toBe(false);
  });

  it('is all that it does where its condition says so', () => {
    const body = 'begin return null; end';
    expect(returnsNull(body, '(pg_trigger_depth() > 1)')).toBe(true);
    expect(returnsNull(body, '(pg_trigger_depth() = 1)')).toBe(false);
  });
});
