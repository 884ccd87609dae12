import { describe, expect, it } from '@jest/globals';
import { compareViews } from '../../../../src/stages/access/compare-views.js';
import { type LostWrite, tellLostWrites } from '../../../../src/stages/access/judge-writes.js';

const name = 'additions to public.notes';
const lost: LostWrite = {
  deed: { table: 'public.notes', person: 0, change: null, columns: [] } as unknown as LostWrite['deed'],
  name,
  table: 'public.notes',
  refusal: { sqlstate: '23502', message: '', column: '', constraint: '' } as LostWrite['refusal'],
};

describe('what a manifest declares of writes and views', () => {
  it.each([
    ['by its name', { changes: [name], changesFound: [] }, [name]],
    ['under a star', { changes: ['additions to *'], changesFound: [] }, ['additions to *']],
    ['by a query', { changes: [], changesFound: [name] }, []],
  ])('is heeded: %s', (_how, declared, entries) => {
    expect(tellLostWrites([lost], declared)).toEqual({ reasons: [], declared: entries });
  });

  it('is heeded of a view that a query names', () => {
    const after = [{ name: 'public.mine', role: 'app_user', isOverGuarded: true }];
    const declared = (found: string[]) => ({ changes: [], changesFound: found });
    expect(compareViews({ before: [], after, declared: declared([]) })).toHaveLength(1);
    expect(compareViews({ before: [], after, declared: declared(['view public.mine']) })).toEqual([]);
  });
});
