/** The bundle of the documents, for an application that says by a setting who asks: it passes, and what it guards against fails. */
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { lintBundle, renderLint } from '../../src/bundle/lint-bundle.js';
import { loadBundle } from '../../src/bundle/load-bundle.js';
import type { Bundle, SubjectResult } from '../../src/model.js';
import { rehearseState } from '../../src/stages/rehearse-state.js';
import { limits } from '../support/limits.js';
import { usePlatformDatabases } from '../support/server.js';

const root = path.resolve(import.meta.dirname, '../..');
const folder = path.join(root, 'examples/billing-schema-fix');
const billing = await loadBundle(folder, path.join(root, 'sql'));
const databases = usePlatformDatabases(billing.platforms);

function rehearse(bundle: Bundle, name: string): Promise<SubjectResult> {
  const state = bundle.states.find((state) => state.name.startsWith(name));
  if (state === undefined) throw new Error(`there is no state ${name}`);
  return rehearseState(databases(), bundle, state, {
    sections: bundle.sections,
    ...limits,
    isStrict: false,
    isTrusted: false,
    progress: () => undefined,
  });
}

/** With another text in one section. */
const withSection = (number: number, from: string, to: string): Bundle => ({
  ...billing,
  sections: billing.sections.map((section) => {
    if (section.number !== number) return section;
    if (!section.file.text.includes(from)) throw new Error(`section ${number} does not say ${from}`);
    return { ...section, file: { ...section.file, text: section.file.text.replaceAll(from, to) } };
  }),
});

const failed = ({ scenarios }: SubjectResult): string[] =>
  scenarios.outcome === 'skipped'
    ? []
    : scenarios.scenarios.flatMap(({ steps }) =>
        steps.filter(({ outcome }) => outcome === 'fail').map(({ title }) => title),
      );

describe('the billing bundle', () => {
  it('passes on every state', async () => {
    const results = await Promise.all(billing.states.map(({ name }) => rehearse(billing, name)));
    expect(results.map(({ name, outcome }) => [name, outcome])).toEqual(
      billing.states.map(({ name }) => [name, 'pass']),
    );
    const { access } = results[0] as SubjectResult;
    expect(access).toMatchObject({ outcome: 'pass', people: 6, reasons: [] });
  });

  it('is warned of nothing but locks', async () => {
    expect(renderLint(await lintBundle(folder, path.join(root, 'sql')))).toMatch(/no mistake, \d warnings/);
  });

  it('fails where whoever is signed in reads the invoices of everybody', async () => {
    const rule = 'create policy "invoices of mine" on public.invoices for select to billing_app\nusing (';
    const bundle = withSection(6, rule, `${rule}public.current_user_id() is not null or `);
    const result = await rehearse(bundle, '01');
    expect(failed(result)).toEqual(['carol does not see it']);
    expect(result.access).toMatchObject({ outcome: 'fail' });
  });

  it('fails where a request without a user is taken for somebody', async () => {
    const bundle = withSection(
      5,
      "nullif(pg_catalog.current_setting('app.user_id', true), '')::pg_catalog.uuid",
      "coalesce(nullif(pg_catalog.current_setting('app.user_id', true), ''), '00000000-0000-4000-8000-0000000000a1')::pg_catalog.uuid",
    );
    const result = await rehearse(bundle, '02');
    expect(failed(result)).toContain('nor does a request without a user');
    expect(result.access).toMatchObject({ outcome: 'fail' });
  });

  it('sets what the application sets: without it nobody is anybody', async () => {
    const actors = billing.actors.map((actor) => ({ ...actor, session: {} }));
    const result = await rehearse({ ...billing, actors }, '03');
    expect(failed(result)).toContain('ann writes an invoice');
  });
});
