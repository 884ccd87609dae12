import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SubjectResult } from '../../../src/model.js';
import { html } from '../../../src/report/html/markup.js';
import { renderHtml } from '../../../src/report/render-html.js';
import { aReport } from '../../support/build-report.js';
import { buildChanges, buildSubject } from '../../support/build-results.js';
import { seize } from '../../support/hostile-report.js';
import { hostileText } from '../../support/hostile-text.js';
import {
  allPass,
  deployed,
  lostRow,
  notDeployed,
  oneFailedCheck,
  openedDoor,
  planned,
  sqlError,
} from '../../support/sample-reports.js';

const folder = path.resolve(import.meta.dirname, '../../../page');
const assets = {
  style: readFileSync(path.join(folder, 'report.css'), 'utf8'),
  script: readFileSync(path.join(folder, 'report.js'), 'utf8'),
};
const render = (report: Parameters<typeof renderHtml>[0]) => renderHtml(report, assets);

const samples = [
  ['all pass', allPass],
  ['one failed check', oneFailedCheck],
  ['an SQL error', sqlError],
  ['an opened door', openedDoor],
  ['a lost row', lostRow],
  ['a plan', planned],
  ['a deployment', deployed],
  ['a deployment that was rolled back', notDeployed],
] as const;

describe('renderHtml', () => {
  it('gives the answer first, then what failed, then each database, the failed ones before the others', () => {
    const page = render(oneFailedCheck());
    const places = [
      '<title>FAIL: Comprehensive',
      '<h1><b class="badge fail">FAIL</b> <span>do not merge: Check 1: Foreign Key',
      'id="failures"',
      'id="states"',
      'tr class="state fail"',
      'tr class="state pass"',
      'id="access"',
      'id="rows"',
      'id="timeline"',
      'id="each"',
    ].map((text) => page.indexOf(text));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((one, other) => one - other));
  });

  it('says who could do what before and can after, an error included', () => {
    const page = render(allPass());
    expect(page).toContain('people in the data (88)');
    expect(page).toContain('error → <b>264</b>');
    expect(page).toContain('33 → <b>0</b>');
  });

  it('compares definitions word by word', () => {
    expect(render(planned())).toMatch(/<del>.*?<\/del>|<ins>.*?<\/ins>/);
  });

  it('tells what changes on one database of several: the first that failed, or else the one of which most changes', () => {
    const {
      changes: [first, ...others],
    } = buildChanges();
    if (first === undefined) throw new Error('there is no change');
    const state = (name: string, overrides: Partial<SubjectResult> = {}) =>
      buildSubject({ name, ...overrides });
    const few = state('01_few', { changes: buildChanges({ changes: [first] }) });
    const many = state('02_many', { changes: buildChanges({ changes: [first, ...others] }) });
    const failed = { ...few, name: '03_failed', outcome: 'fail' as const };
    const told = (...subjects: SubjectResult[]) =>
      /What changes: [^<]*/.exec(render(aReport({ subjects })))?.[0] ?? null;
    expect(told(state('00_none'), few, many)).toBe('What changes: 3 definitions, on 02_many');
    expect(told(few, many, failed)).toBe('What changes: 1 definition, on 03_failed');
    expect(told(state('00_none'))).toBeNull();
    const { subjects } = aReport({ subjects: [few, many] });
    expect(subjects.map(({ changes }) => changes.outcome)).toEqual(['skipped', 'pass']);
  });

  it.each(samples)('leads from each row of the matrix to a database, in %s', (_, sample) => {
    const page = render(sample());
    const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(targets.length).toBe(sample().subjects.length);
    for (const id of targets) expect(page).toContain(`id="${id}"`);
  });

  it.each(samples)(
    'asks nothing of a network and runs nothing but its own, whatever is in %s',
    (_, sample) => {
      const page = render(seize(sample()));
      const own = render(sample());
      const tags = (text: string) => new Set([...text.matchAll(/<([a-z]\w*)/g)].map(([, name]) => name));
      expect(tags(page)).toEqual(tags(own));
      expect(page.match(/<\/?(script|style)\b/g)).toEqual(['<style', '</style', '<script', '</script']);
      const attributes = (text: string) =>
        new Set([...text.replace(/="[^"]*"/g, '=""').matchAll(/<\w[^>]*>/g)].map(([tag]) => tag));
      expect(attributes(page)).toEqual(attributes(own));
      expect(page.match(/ (src|href)="(?!#)/g)).toBeNull();
      expect(page).toContain('default-src &#39;none&#39;; ');
    },
  );

  it('lets no text end an attribute or begin an element', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const { text: made } = html`<i title="${text}">${text}</i>`;
        expect(made.match(/[<>"]/g)).toEqual(['<', '"', '"', '>', '<', '>']);
      }),
    );
  });
});
