import { describe, expect, it } from '@jest/globals';
import type { Fact } from '../../../../src/model.js';
import { isAllowedShape } from '../../../../src/stages/preservation/judge-shape.js';
import { anObject } from '../../../support/an-object.js';
import { aFact, aKind } from '../../../support/preserved.js';

const prelude = [
  {
    path: 'prelude/01_values.sql',
    text: `create function schema_fix.amount_of(value text) returns numeric language sql immutable
      as $$ select schema_fix.plain(value)::pg_catalog.numeric(12, 2) $$;
      create or replace function schema_fix.plain(value text) returns text language sql immutable
      as $body$ select pg_catalog.replace(value, ',', '') $body$;
      create function schema_fix.number_of(value text) returns bigint language sql as $$ select 1 $$;`,
  },
];
const bundle = { tables: ['public.notes'], preserve: [], prelude };
const column = anObject({ kind: 'type of', name: 'body', relation: 'public.notes' });

describe('isAllowedShape', () => {
  it.each([
    ['character varying(9)', 'text', true],
    ['character varying(9)', 'character varying(20)', true],
    ['text', 'character varying(9)', false],
    ['text', 'public.short', false],
    ['integer', 'bigint', true],
    ['bigint', 'integer', false],
    ['numeric(10,2)', 'numeric', true],
    ['numeric(10,2)', 'numeric(12,2)', true],
    ['numeric(10,2)', 'numeric(10,4)', false],
    ['text', 'uuid', false],
  ])('of %s that becomes %s: %s', (before, after, isAllowed) => {
    const [then, now] = [
      { ...column, said: before },
      { ...column, said: after },
    ];
    expect(isAllowedShape(bundle, then, now)).toBe(isAllowed);
  });

  it('lets a column become what the manifest says that it is', () => {
    const allows = (fact: Partial<Fact>, type: string) => {
      const facts = [aFact({ name: 'body', columns: ['body'], ...fact })];
      const preserve = [aKind({ name: 'notes', from: ['public.notes'], facts })];
      return isAllowedShape({ ...bundle, preserve }, { ...column, said: 'text' }, { ...column, said: type });
    };
    expect(allows({ type: 'uuid' }, 'uuid')).toBe(true);
    expect(allows({ type: 'uuid' }, 'bigint')).toBe(false);
    expect(allows({ normalise: 'pg_catalog.btrim(value)' }, 'numeric')).toBe(true);
    expect(allows({ normalise: 'value' }, 'character varying(5)')).toBe(false);
    expect(allows({ normalise: 'value' }, 'public.short')).toBe(false);
  });

  it.each([
    ['value::pg_catalog.numeric(12,2)::pg_catalog.text', 'numeric(12,2)', true],
    ['value::pg_catalog.numeric(12, 2)::pg_catalog.text', 'numeric', true],
    ['value::pg_catalog.numeric(12,2)::pg_catalog.text', 'numeric(4,2)', false],
    ['value::numeric::text', 'numeric(4,2)', false],
    ['cast(value as numeric(8))::text', 'numeric(8,0)', true],
    ['value::int8::text', 'bigint', true],
    ['value::int8::text', 'smallint', false],
    ['value::timestamptz::text', 'timestamp with time zone', true],
    ['value::timestamp(3) with time zone::text', 'timestamp(3) with time zone', true],
    ['pg_catalog.lower(value)', 'numeric(12,2)', false],
    ['schema_fix.amount_of(value)::text', 'numeric(12,2)', true],
    ['schema_fix.amount_of(schema_fix.plain(value))::pg_catalog.text', 'numeric', true],
    ['schema_fix.amount_of(value)::text', 'numeric(4,2)', false],
    ['schema_fix.plain(value)', 'numeric(12,2)', false],
    ['schema_fix.number_of(value)::text', 'bigint', true],
    ['schema_fix.number_of(value)::text', 'smallint', false],
  ])('by %s a text that becomes %s: %s', (normalise, type, isAllowed) => {
    const facts = [aFact({ name: 'body', columns: ['body'], normalise })];
    const preserve = [aKind({ name: 'notes', from: ['public.notes'], facts })];
    const [then, now] = [
      { ...column, said: 'text' },
      { ...column, said: type },
    ];
    expect(isAllowedShape({ ...bundle, preserve }, then, now)).toBe(isAllowed);
  });

  it('lets columns come and go, and none change places', () => {
    const order = (...names: string[]) => ({
      ...column,
      kind: 'order of columns',
      name: '',
      said: JSON.stringify(names),
    });
    expect(isAllowedShape(bundle, order('a', 'b', 'c'), order('a', 'c', 'd'))).toBe(true);
    expect(isAllowedShape(bundle, order('a', 'b', 'c'), order('a', 'c', 'b'))).toBe(false);
  });
});
