import { expect, it } from '@jest/globals';
import { findNewlyChecked } from '../../../../src/stages/preservation/newly-checked.js';
import type { Shapes } from '../../../../src/stages/preservation/read-shapes.js';
import { anObject } from '../../../support/an-object.js';

const columns = ['phone', 'name'].map((name, place) => ({
  name,
  number: place + 1,
  isNumbered: false,
  fallback: null,
}));
const shapes = new Map([
  ['public.people', { name: 'public.people', oid: '1', columns }],
]) as unknown as Shapes;
const onPeople = { relation: 'public.people' };
const writing = anObject({ ...onPeople, kind: 'privilege', name: 'INSERT of app_user', role: 'app_user' });
const unique = (name: string, place: string, said: string) =>
  anObject({ ...onPeople, kind: 'unique index', name, written: name, parts: name, place, said });

/** What a new unique index of phone and name refuses, beside one that was there. */
function refusedBeside(place: string, said: string) {
  const old = unique('old', place, said);
  const fresh = unique('fresh', '1 2', 'CREATE UNIQUE INDEX fresh ON public.people (phone, name)');
  const given = { before: [writing, old], after: [writing, old, fresh], shapes, shapesNow: shapes };
  return findNewlyChecked(given, [], []).flatMap((found) => found.columns);
}

it('asks for no declaration of a unique index where its columns, or one of them, were unique already', () => {
  expect(refusedBeside('1', 'CREATE UNIQUE INDEX old ON public.people (phone)')).toEqual([]);
  expect(refusedBeside('2 1', 'CREATE UNIQUE INDEX old ON public.people (name, phone)')).toEqual([]);
});

it('asks where what was unique were other columns, or some rows', () => {
  const refused = ['the second row with what app_user may write into phone and name'];
  expect(refusedBeside('3', 'CREATE UNIQUE INDEX old ON public.people (mail)')).toEqual(refused);
  expect(refusedBeside('1', "CREATE UNIQUE INDEX old ON public.people (phone) WHERE name > ''")).toEqual(
    refused,
  );
});
