import { describe, expect, it } from '@jest/globals';
import { compareViews } from '../../../../src/stages/access/compare-views.js';
import {
  findStoredOtherwise,
  type LostWrite,
  tellLostWrites,
} from '../../../../src/stages/access/judge-writes.js';

const name = 'additions to public.notes';
const lost: LostWrite = {
  deed: { table: 'public.notes', person: 0, change: null, columns: [] } as unknown as LostWrite['deed'],
  name,
  table: 'public.notes',
  refusal: { sqlstate: '23502', message: '', column: '', constraint: '' } as LostWrite['refusal'],
  altered: [],
};

describe('what a manifest declares of writes and views', () => {
  it.each([
    ['by its name', { changes: [name], changesFound: [] }, [name]],
    ['under a star', { changes: ['additions to *'], changesFound: [] }, ['additions to *']],
    ['by a query', { changes: [], changesFound: [name] }, []],
  ])('is heeded: %s', (_how, declared, entries) => {
    expect(tellLostWrites([lost], declared)).toEqual({ reasons: [], declared: entries });
  });

  it('is heeded of what is stored otherwise than it is sent', () => {
    const column = { name: 'memo' } as LostWrite['deed']['columns'][number];
    const deed = { ...lost.deed, columns: [column], kept: ['memo'] };
    const answer = { deed, columns: [column], refusal: null, isOldWay: false };
    const find = (kept: string[], keptBefore = ['memo']) =>
      findStoredOtherwise(
        { table: 'public.notes' },
        [{ ...answer, deed: { ...deed, kept: keptBefore }, kept }],
        (one, other) => one.name === other.name,
      );
    expect([find(['memo']), find([], [])]).toEqual([[], []]);
    const declared = { changes: [], changesFound: [] };
    expect(tellLostWrites(find([]), declared).reasons).toEqual([
      expect.stringContaining('for memo of a row that is added to public.notes is not what is stored'),
    ]);
    expect(tellLostWrites(find([]), { ...declared, changes: [name] }).reasons).toEqual([]);
  });

  it('is heeded of a view that a query names', () => {
    const after = [{ name: 'public.mine', role: 'app_user', isOverGuarded: true }];
    const declared = (found: string[]) => ({ changes: [], changesFound: found });
    expect(compareViews({ before: [], after, declared: declared([]) })).toHaveLength(1);
    expect(compareViews({ before: [], after, declared: declared(['view public.mine']) })).toEqual([]);
  });
});
