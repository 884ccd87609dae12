import { describe, expect, it } from '@jest/globals';
import { renderHeadline } from '../../../src/report/render-headline.js';
import { aReport, buildReportInput } from '../../support/build-report.js';

const { sections } = buildReportInput().bundle;
const bundle = { title: 'The fix', folder: '/f', digest: 'd', sections, settings: [] };

describe('renderHeadline', () => {
  it('says the answer, the fix and what was counted', () => {
    expect(renderHeadline(aReport({ bundle }))).toMatch(
      /^PASS, safe to merge \(The fix: 1 of 1 database, \d+ of \d+ checks, 2 of 2 scenarios\)$/,
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
