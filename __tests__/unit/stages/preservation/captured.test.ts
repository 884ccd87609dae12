import { describe, expect, it } from '@jest/globals';
import { findCaptured } from '../../../../src/stages/preservation/captured.js';
import type { DatabaseObject } from '../../../../src/stages/preservation/read-objects.js';
import type { Shapes } from '../../../../src/stages/preservation/read-shapes.js';

const shapes = (...columns: string[]) =>
  new Map([
    ['public.messages', { name: 'public.messages', oid: '7', columns: columns.map((name) => ({ name })) }],
  ]) as unknown as Shapes;

/** What a function that answers two columns means now that messages have another one. */
function meaningOf(body: string): readonly string[] {
  const said = `CREATE FUNCTION public.counted()\n RETURNS TABLE(a text, b bigint)\n LANGUAGE sql\nAS $function$${body}$function$\n`;
  const one = { kind: 'function', name: 'public.counted', written: 'as before', said } as DatabaseObject;
  const [found] = findCaptured({
    before: [one],
    after: [one],
    shapes: shapes('id', 'room'),
    shapesNow: shapes('id', 'room', 'edited'),
  });
  return found?.columns ?? [];
}

describe('findCaptured', () => {
  it.each([
    'select m.* from public.messages as m',
    'select room, row(m.*) from public.messages as m',
    'select room, count(distinct m.*) from public.messages as m group by room',
  ])('sees that all columns are others: %s', (body) => {
    expect(meaningOf(body)).toEqual(['all columns of public.messages, which are others now']);
  });

  it.each([
    'select room, count(*) from public.messages as m group by room',
    'select room, count(m.*) from public.messages as m group by room',
    'select room, count(public.messages.*) from public.messages group by room',
  ])('sees that rows are counted: %s', (body) => {
    expect(meaningOf(body)).toEqual([]);
  });
});
