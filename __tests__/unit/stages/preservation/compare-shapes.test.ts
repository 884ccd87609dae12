import { describe, expect, it } from '@jest/globals';
import type { Bundle } from '../../../../src/model.js';
import { compareOthers } from '../../../../src/stages/preservation/compare-shapes.js';
import type { Shape } from '../../../../src/stages/preservation/read-shapes.js';

const shape = (name: string, parents: string[] = []): Shape => ({
  name,
  relation: name,
  oid: name,
  kind: 'r',
  isPartition: parents.length > 0,
  isReadable: true,
  isOurs: true,
  file: '1',
  written: { appeared: 0, changed: 0, gone: 0 },
  columns: [],
  parents,
  keys: [],
});

const shapes = (...all: Shape[]) => new Map(all.map((one) => [one.name, one]));

describe('compareOthers', () => {
  it.each([
    ['is part of a table of the fix', 'public.events', []],
    ['is one of another table', 'public.bills', ['appeared: public.events_2025']],
  ])('a new partition %s', (_, parent, told) => {
    const bundle = { tables: ['public.events'], preserve: [], adds: [], drops: [] } as unknown as Bundle;
    const before = shapes(shape('public.events'), shape('public.bills'));
    const differences = compareOthers(bundle, {
      before,
      after: new Map([...before, ...shapes(shape('public.events_2025', [parent]))]),
      unwritten: new Set(['public.bills']),
      declared: new Set(['public.events']),
    });
    expect(differences.map(({ word, table }) => `${word}: ${table}`)).toEqual(told);
  });
});
