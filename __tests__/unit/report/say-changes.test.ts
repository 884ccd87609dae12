import { describe, expect, it } from '@jest/globals';
import type { DefinitionChange } from '../../../src/model.js';
import { sayConsequences } from '../../../src/report/say-changes.js';

const change = (object: string, before: string | null, after: string | null): DefinitionChange => ({
  object,
  before,
  after,
});
const say = (...changes: DefinitionChange[]) => sayConsequences({ outcome: 'pass', changes, unplanned: [] });
const unique = (name: string, table: string) =>
  change(`index public.${name}`, null, `CREATE UNIQUE INDEX ${name} ON public.${table} USING btree (a)`);

describe('sayConsequences', () => {
  it('names columns that come, go or get another type, for clients that keep prepared statements', () => {
    const said = say(
      change('column public.rooms.id', 'bigint not null position 1', 'uuid not null position 1'),
      change('column public.rooms.title', null, 'text position 4'),
      change('column public.rooms.old', 'text position 3', null),
    );
    expect(said).toEqual([
      expect.stringMatching(
        /0A000.*because of public\.rooms\.id, public\.rooms\.title and public\.rooms\.old$/,
      ),
    ]);
  });

  it('names what later rows must satisfy, and the index of a constraint once', () => {
    const said = say(
      change('constraint rooms_pkey on public.rooms', null, 'PRIMARY KEY (a) validated t'),
      unique('rooms_pkey', 'rooms'),
      unique('rooms_title', 'rooms'),
      change('index public.rooms_kind', null, 'CREATE INDEX rooms_kind ON public.rooms USING btree (kind)'),
    );
    expect(said).toEqual([
      'whatever is written from then on must satisfy constraint rooms_pkey on public.rooms and index public.rooms_title',
    ]);
  });

  it('is silent of tables that are made, and where only who may do what changes', () => {
    const said = say(
      change('table public.seats', null, 'kind r'),
      change('column public.seats.id', null, 'uuid position 1'),
      change('constraint seats_pkey on public.seats', null, 'PRIMARY KEY (a) validated t'),
      unique('seats_pkey', 'seats'),
      unique('seats_a', 'seats'),
      change('column public.rooms.id', 'uuid not null position 1', 'uuid position 1 privileges {a=r/b}'),
      change('policy own on public.rooms', null, 'command r'),
    );
    expect(said).toEqual([]);
  });
});
