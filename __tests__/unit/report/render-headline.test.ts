import { describe, expect, it } from '@jest/globals';
import { sayAnswer } from '../../../src/report/answer.js';
import { renderHeadline } from '../../../src/report/render-headline.js';
import { aReport, buildReportInput } from '../../support/build-report.js';
import { buildApply, buildSubject } from '../../support/build-results.js';

const { sections } = buildReportInput().bundle;
const part = {
  sections: sections.filter(({ number }) => number === 5 || number === 8),
  added: [{ number: 5, neededBy: 8 }],
};
const bundle = { title: 'The fix', folder: '/f', digest: 'd', sections, settings: [] };

describe('renderHeadline', () => {
  it('says the answer, the fix and what was counted', () => {
    expect(renderHeadline(aReport({ bundle }))).toMatch(
      /^PASS, safe to merge \(The fix: 1 of 1 database, \d+ of \d+ checks, 2 of 2 scenarios\)$/,
    );
  });

  it.each([
    ['all of it', {}, 'PASS, safe to merge'],
    ['all states', { states: { chosen: 114, ofBundle: 114 } }, 'PASS, safe to merge'],
    ['one state', { states: { chosen: 1, ofBundle: 114 } }, 'PASS, but only on 1 of 114 databases'],
    ['two sections', { choice: part }, 'PASS, but only for sections 5, 8 (5 because 8 needs it)'],
    [
      'two sections on one state',
      { choice: part, states: { chosen: 1, ofBundle: 114 } },
      'PASS, but only for sections 5, 8 (5 because 8 needs it) and only on 1 of 114 databases',
    ],
    [
      'a shard of some states',
      { shard: { index: 2, count: 4 }, states: { chosen: 40, ofBundle: 114 } },
      'PASS, shard 2 of 4, but only on 40 of 114 databases',
    ],
  ])('says of what was tried, %s, whether it is all', (_, overrides, answer) => {
    expect(sayAnswer(aReport(overrides))).toBe(answer);
  });

  it('says that somebody’s database has none of the tables, where the fix made them beside what is there', () => {
    const loading = { outcome: 'pass', statements: 1, loaded: 1, rows: 0, leftOut: [], added: [] } as const;
    const apply = buildApply({ foundNoTable: true });
    expect(sayAnswer(aReport({ subjects: [buildSubject({ loading, apply })] }))).toBe(
      'PASS, but nothing was repaired: the database has none of the tables of this fix',
    );
    // A state of the bundle without them is meant so.
    expect(sayAnswer(aReport({ subjects: [buildSubject({ apply })] }))).toBe('PASS, safe to merge');
  });

  it('says that no scenario was tried, and that nobody was', () => {
    const skipped = { outcome: 'skipped', reason: 'a table is large' } as const;
    const target = (overrides: object) =>
      sayAnswer(
        aReport({
          command: 'deploy',
          plan: { subjects: 1, checks: 1, scenarios: 0 },
          subjects: [
            buildSubject({ kind: 'target', committed: 'yes', name: 'chat', title: 'chat', ...overrides }),
          ],
        }),
      );
    expect(target({})).toBe('PASS, committed to chat');
    expect(target({ scenarios: skipped })).toBe('PASS, committed to chat, but no scenario was tried');
    expect(target({ scenarios: { outcome: 'pass', scenarios: [] }, access: skipped })).toBe(
      'PASS, committed to chat, but no scenario was tried and nobody was tried',
    );
    expect(target({ access: skipped })).toBe('PASS, committed to chat, but nobody was tried');
  });

  it('says that a target got a part of the fix', () => {
    const target = buildSubject({ kind: 'target', name: 'chat', title: 'db:5432/chat', committed: 'yes' });
    const report = aReport({ command: 'deploy', subjects: [target], choice: part });
    expect(sayAnswer(report)).toBe(
      'PASS, committed to db:5432/chat, but only for sections 5, 8 (5 because 8 needs it)',
    );
  });

  it('says that nothing was rehearsed', () => {
    expect(renderHeadline(aReport({ bundle, subjects: [] }))).toBe(
      'NOT PROVEN: No database was rehearsed (The fix: 0 of 0 databases, 0 of 0 checks)',
    );
  });

  it('is one short line whatever the title is', () => {
    const title = `a\n::error::b${'x'.repeat(10_000)}`;
    const line = renderHeadline(aReport({ bundle: { ...bundle, title } }));
    expect(line).not.toContain('\n');
    expect(line.length).toBeLessThan(250);
  });
});
