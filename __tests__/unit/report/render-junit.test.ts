import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { renderJunit } from '../../../src/report/render-junit.js';
import { aReport } from '../../support/build-report.js';
import {
  buildChecks,
  buildProblem,
  buildStoppedSubject,
  buildSubject,
  failingCheck,
} from '../../support/build-results.js';
import { hostileText } from '../../support/hostile-text.js';
import { allPass, oneFailedCheck, sqlError } from '../../support/sample-reports.js';

describe('renderJunit', () => {
  it('counts a case for the fix, each check, each scenario, the rows, the access, the second run and the rollback of each state', () => {
    // 11 states of 1 + 8 + 2 + 1 + 1 + 1 + 1 cases, and one that must be refused.
    expect(renderJunit(allPass())).toContain(
      '<testsuites name="Comprehensive chat schema fix" tests="166" failures="0" errors="0" skipped="0">',
    );
  });

  it('says what failed, where, and in which file', () => {
    const xml = renderJunit(oneFailedCheck());
    expect(xml).toContain(
      '<testsuite name="02_messages_keyed_to_rooms" timestamp="2026-11-22T09:30:00" time="0.457"',
    );
    expect(xml).toMatch(
      /name="Check 1: Foreign Key" file="checks\/01_foreign_key.sql">\s*<failure message="[^"]*expected/,
    );
  });

  it('tells a stage that was not run from one that passed', () => {
    const xml = renderJunit(sqlError());
    expect(xml).toContain('tests="13" failures="1" errors="0" skipped="12"');
  });

  it('fails a run that tried nothing', () => {
    expect(renderJunit(aReport({ subjects: [] }))).toContain(
      '<failure message="No database was rehearsed."/>',
    );
  });

  it('holds every ]]> of a text, and ends no section of its own with it', () => {
    const text = 'a]]>b]]>]]>c';
    const problem = buildProblem({ message: text, detail: text, snippet: text, path: text });
    const report = aReport({ subjects: [buildStoppedSubject(problem, { name: text })] });
    const xml = renderJunit({ ...report, reasons: ['\u2060]]\u2060>\u2060'] });
    const sections = /<!\[CDATA\[(.*?)\]\]>/gs;
    // An attribute may hold it.
    expect(xml.replace(sections, '').replace(/"[^"<]*"/g, '')).not.toContain(']]>');
    expect(
      [...xml.matchAll(sections)]
        .map(([, held]) => held)
        .join('')
        .split(text),
    ).toHaveLength(5);
  });

  it('is XML whatever the database says', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const problem = buildProblem({ message: text, detail: text, snippet: text, path: text });
        const checks = buildChecks({ 1: { title: text, after: failingCheck({ object: text }) } });
        const xml = renderJunit(
          aReport({
            subjects: [
              buildStoppedSubject(problem, { name: text }),
              buildSubject({ outcome: 'fail', checks }),
            ],
          }),
        );
        // What XML 1.0 forbids, and half characters.
        expect(xml).not.toMatch(/[^\P{Cc}\t\n\r]|[\uFFFE\uFFFF]|\p{Cs}/u);
        const content = xml.replace(/<!\[CDATA\[.*?\]\]>/gs, '');
        expect(
          content.match(/<(?!\/?(?:testsuites|testsuite|testcase|failure|skipped)[ />]|\?xml )/g),
        ).toBeNull();
      }),
      { numRuns: 100 },
    );
  });
});
