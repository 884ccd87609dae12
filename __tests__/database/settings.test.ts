import { describe, expect, it } from '@jest/globals';
import { chooseSections } from '../../src/bundle/choose-sections.js';
import { chooseSettings } from '../../src/bundle/choose-settings.js';
import { renderScript } from '../../src/bundle/render-script.js';
import { deployNotes } from '../support/deploy-notes.js';
import { limits } from '../support/limits.js';
import { type Changes, loadNotes, thirdSection } from '../support/notes-bundle.js';
import { withNotesTarget } from '../support/notes-target.js';
import { rehearseNotes } from '../support/rehearse-notes.js';
import { withClient } from '../support/server.js';

/** A fix that can be applied only with the values that were given; `limit` was not. */
const deciding: Changes = {
  'bundle.yml': (text) => `${text}
settings:
  acknowledge: { type: list, default: [], description: Rules that may go. }
  limit: { type: integer, default: 3, description: How many at most. }
`,
  ...thirdSection(String.raw`do $$
begin
    if pg_catalog.current_setting('schema_fix.acknowledge')::text[] is distinct from array['a, "b"', 'c''s \d']
        or pg_catalog.current_setting('schema_fix.limit')::integer <> 3
    then
        raise exception 'acknowledge is %', pg_catalog.current_setting('schema_fix.acknowledge');
    end if;
end
$$;`),
};
const given = ['a, "b"', String.raw`c's \d`].map((value) => ({ name: 'acknowledge', value }));

describe('a setting of the bundle', () => {
  it('is read by the sections of a rehearsal, and when they are applied again', async () => {
    expect(await rehearseNotes(deciding)).toMatchObject({
      outcome: 'fail',
      apply: { problem: { message: 'acknowledge is {}' } },
    });
    expect(await rehearseNotes(deciding, { given })).toMatchObject({
      outcome: 'pass',
      rerun: { outcome: 'pass' },
    });
  });

  it('is what the state sets', async () => {
    const set = given.map(({ name, value }) => `--! Set: ${name}=${value}`).join('\n');
    const state = { 'states/01_writer.sql': (text: string) => `${set}\n${text}` };
    expect(await rehearseNotes({ ...deciding, ...state })).toMatchObject({
      outcome: 'pass',
      rerun: { outcome: 'pass' },
    });
  });

  it('is read by the sections of a deployment, and is in its report', async () => {
    await withNotesTarget(async (target) => {
      const deploy = (name: string) =>
        deployNotes(target, deciding, { given: given.map(({ value }) => ({ name, value })) });
      expect(await deploy('acknowledge')).toMatchObject({
        verdict: 'pass',
        settings: [
          { name: 'acknowledge', value: given.map(({ value }) => value), isGiven: true },
          { name: 'limit', value: '3', isGiven: false },
        ],
      });
      await expect(deploy('acknowlege')).rejects.toThrow(
        'settings: there is no setting "acknowlege" in this bundle. It has acknowledge, limit.',
      );
    });
  });

  it('is set by the printed script', async () => {
    const loaded = await loadNotes(deciding);
    const scriptWith = (values: typeof given) =>
      renderScript(
        { ...loaded, settings: chooseSettings(loaded.settings, values) },
        chooseSections(loaded.sections, null),
        { ...limits, makePrelude: '', dropPrelude: '', isForEditor: true },
      );
    await withNotesTarget(({ connection }) =>
      withClient(connection, async (client) => {
        await expect(client.query(scriptWith([]))).rejects.toThrow('acknowledge is {}');
        await client.query('rollback');
        await client.query(scriptWith(given));
      }),
    );
  });
});
