import { describe, expect, it } from '@jest/globals';
import type { State } from '../../../src/model.js';
import { changesServer } from '../../../src/stages/rehearse-state.js';
import { loadNotes } from '../../support/notes-bundle.js';

describe('changesServer', () => {
  it('is true of whatever somebody brings, for which roles may be made, and of SQL that makes some', async () => {
    const bundle = await loadNotes();
    const [state] = bundle.states as [State];
    const said = (changed: Partial<State>) => changesServer(bundle, { ...state, ...changed });
    expect(said({})).toBe(false);
    expect(said({ files: [{ path: 'a.sql', text: 'create role clerk' }] })).toBe(true);
    const dump = { path: 'all.sql', form: { kind: 'plain' }, isDump: true } as const;
    expect(said({ files: [], before: [dump] })).toBe(true);
  });
});
