import { describe, expect, it } from '@jest/globals';
import { compareOffered, type Offered } from '../../../../src/stages/preservation/offered.js';

const nothing: Offered = {
  calls: [],
  functions: [],
  definers: [],
  options: [],
  enums: {},
  relations: [],
  keys: [],
};
const call = {
  name: 'public.place',
  takes: [
    { name: 'room', type: 'bigint', isOptional: false },
    { name: 'size', type: 'integer', isOptional: true },
  ],
  answers: 'TABLE(id bigint, name text)',
  isVolatile: false,
  fieldOf: null,
};
const table = (columns: Record<string, string>) => ({ name: 'public.rooms', kind: 'r', columns });
const view = (columns: Record<string, string>) => ({ name: 'public.mine', kind: 'v', columns });
const key = {
  name: 'notes_room_fkey',
  source: 'public.notes',
  target: 'public.rooms',
  columns: ['room'],
  isOfKey: false,
  isOfOne: false,
};

const told = (before: Partial<Offered>, after: Partial<Offered>, hasApi = true): string[] =>
  compareOffered({ ...nothing, ...before }, { ...nothing, ...after }, { hasApi }).map(
    ({ table: name, columns }) => [name, ...columns].join(': '),
  );

describe('compareOffered', () => {
  it('lets a function take more, and give more, and follow the ids of tables', () => {
    const [room, size] = call.takes as [(typeof call.takes)[0], (typeof call.takes)[0]];
    const more = { name: 'note', type: 'text', isOptional: true };
    const now = {
      ...call,
      takes: [size, { ...room, type: 'uuid' }, more],
      answers: 'TABLE(id uuid, name text, "at, all" timestamp with time zone)',
    };
    const relations = (type: string) => ({ relations: [table({ id: type })] });
    const [before, after] = [relations('bigint'), relations('uuid')];
    expect(told({ calls: [call], ...before }, { calls: [now], ...after })).toEqual([]);
    expect(told({ calls: [call], ...before }, { calls: [now], ...before })).toEqual([
      'calls of function public.place: room is uuid, where it was bigint: it answers TABLE(id uuid, name text, "at, all" timestamp with time zone), where it was TABLE(id bigint, name text)',
    ]);
  });

  it('tells of the one that is called most like it, and of none that is gone', () => {
    const other = { ...call, takes: [], isVolatile: true };
    expect(told({ calls: [call] }, { calls: [other, call] })).toEqual([]);
    expect(told({ calls: [call] }, { calls: [{ ...call, isVolatile: true }, other] })).toEqual([
      'calls of function public.place: it is volatile',
    ]);
    expect(told({ calls: [call] }, {})).toEqual([]);
  });

  it('tells of rights and paths that a function has no more', () => {
    const definers = (...paths: boolean[]) => ({
      functions: ['public.place', 'public.place'],
      definers: paths.map((hasPath) => ({ name: 'public.place', hasPath })),
    });
    expect(told(definers(true, false), definers(false, false))).toEqual([]);
    expect(told(definers(true), definers(false))).toEqual(['option search_path of function public.place']);
    expect(told(definers(true, true), definers(true))).toEqual([
      'option security definer of function public.place',
    ]);
    expect(told(definers(true), { functions: [] })).toEqual([]);
  });

  it('lets views follow columns of tables that became others, or are gone', () => {
    const before = {
      relations: [
        table({ id: 'bigint', former: 'text' }),
        view({ id: 'bigint', former: 'text', n: 'integer' }),
      ],
    };
    expect(told(before, { relations: [table({ id: 'uuid' }), view({ id: 'uuid', n: 'bigint' })] })).toEqual(
      [],
    );
    expect(
      told(before, {
        relations: [before.relations[0] as ReturnType<typeof view>, view({ id: 'uuid', former: 'text' })],
      }),
    ).toEqual(['type of id on public.mine: uuid, where it was bigint', 'column n of view public.mine']);
    expect(told(before, { relations: [] })).toEqual([]);
  });

  it('tells of words that an enum has no more', () => {
    const enums = (...labels: string[]) => ({ enums: { 'public.mood': labels } });
    expect(told(enums('good', 'bad'), enums('bad', 'fair', 'good'))).toEqual([]);
    expect(told(enums('good', 'bad'), enums('good'))).toEqual(['label bad of type public.mood']);
    expect(told(enums('good'), {})).toEqual([]);
  });

  it('tells of a second key between two tables that had one, where people come by a data API', () => {
    const second = {
      ...key,
      name: 'rooms_last_fkey',
      source: 'public.rooms',
      target: 'public.notes',
      columns: ['last'],
    };
    const elsewhere = { ...key, name: 'notes_writer_fkey', target: 'public.people', columns: ['writer'] };
    expect(told({ keys: [key] }, { keys: [{ ...key, name: 'renamed' }, elsewhere] })).toEqual([]);
    expect(told({ keys: [key] }, { keys: [key, second] })).toEqual([
      'relationship of public.notes to public.rooms: a request that names only the table is ambiguous by rooms_last_fkey',
    ]);
    expect(told({ keys: [key] }, { keys: [key, second] }, false)).toEqual([]);
    expect(told({ keys: [key, second] }, { keys: [key, second, elsewhere] })).toEqual([]);
    expect(told({ keys: [{ ...key, isOfOne: true }] }, { keys: [key] })).toEqual([
      'relationship of public.notes to public.rooms: public.rooms has a list, where it had one row',
    ]);
  });

  it('tells of a column of the name of a function that a data API shows as one', () => {
    const field = { ...call, fieldOf: 'public.rooms' };
    const [before, after] = [[table({ id: 'bigint' })], [table({ id: 'bigint', place: 'text' })]];
    expect(told({ calls: [field], relations: before }, { calls: [field], relations: after })).toEqual([
      'function public.place: place of public.rooms is a column now',
    ]);
    expect(told({ calls: [field], relations: after }, { calls: [field], relations: after })).toEqual([]);
    expect(told({ calls: [field], relations: before }, { calls: [], relations: after })).toEqual([]);
  });

  it('names what a function sets for itself otherwise, and no path that is safer', () => {
    const run = (said: Record<string, string>) => ({
      options: [{ name: 'public.place', signature: 'public.place(bigint)', said }],
    });
    expect(told(run({ search_path: 'public' }), run({ search_path: '""' }))).toEqual([]);
    expect(told(run({}), run({ search_path: 'public, extensions' }))).toEqual([]);
    expect(told(run({ search_path: 'public, pg_temp' }), run({ search_path: 'public' }))).toEqual([
      'option search_path of function public.place: public, where it was public, pg_temp',
    ]);
    expect(told(run({ parallel: 'safe', cost: '1' }), run({ parallel: 'unsafe', cost: '100' }))).toEqual([]);
    expect(told(run({ strict: 'true' }), run({ strict: 'false' }))).toEqual([
      'calls of function public.place: strict is false, where it was true',
    ]);
    expect(told(run({ parallel: 'unsafe', work_mem: '64MB' }), run({ parallel: 'safe' }))).toEqual([
      'option parallel of function public.place: safe, where it was unsafe',
      'option work_mem of function public.place: not set, where it was 64MB',
    ]);
  });

  it('takes a table that is keyed to two others by its primary key for a relationship of these, in one schema', () => {
    const member = (source: string, target: string) => ({
      ...key,
      name: `${source} ${target}`,
      source,
      target,
      isOfKey: true,
    });
    const members = (source: string) => [member(source, 'public.notes'), member(source, 'public.rooms')];
    expect(told({ keys: [key] }, { keys: [key, ...members('public.readers')] })).toEqual([
      'relationship of public.notes to public.rooms: a request that names only the table is ambiguous by public.readers',
    ]);
    expect(told({ keys: [key] }, { keys: [key, ...members('private.readers')] })).toEqual([]);
    expect(told({ keys: [] }, { keys: members('public.readers') })).toEqual([]);
    expect(told({ keys: members('public.readers') }, { keys: [key, ...members('public.readers')] })).toEqual([
      'relationship of public.notes to public.rooms: a request that names only the table is ambiguous by notes_room_fkey',
    ]);
  });
});
