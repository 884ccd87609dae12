import { describe, expect, it } from '@jest/globals';
import type { Page } from '../../../src/report/watch/page.js';
import { renderWatchHtml } from '../../../src/report/watch/render-html.js';

const hostile = '<img src=x onerror=alert(1)>&"';

const page: Page = {
  word: 'FAIL',
  rest: `: ${hostile}`,
  blocks: [
    { kind: 'lines', title: hostile, lines: [hostile] },
    {
      kind: 'table',
      title: 'Checks',
      columns: [
        { title: '', kind: 'verdict' },
        { title: 'Object', kind: 'code' },
        { title: 'Took', kind: 'number' },
      ],
      rows: [['PASS', hostile, '3 ms']],
      note: hostile,
    },
    {
      kind: 'changes',
      title: 'Definitions',
      changes: [
        { object: 'view public.v', before: 'select 1', after: 'select 2', changedAt: null, isOfFix: false },
      ],
    },
    { kind: 'bars', title: 'Errors', labels: ['01:00', '02:00'], values: [0, 4], axis: 'errors' },
  ],
  footer: ['notes', '3 ms'],
};
const rendered = renderWatchHtml(page, { title: 'notes', meta: 'verify of now' }, { style: '', script: '' });

describe('the page of verify and monitor', () => {
  it('is one file that asks nothing of a network, and says hostile text as text', () => {
    expect(rendered).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
    expect(rendered).toContain('default-src &#39;none&#39;');
    expect(rendered).not.toContain('<img');
    expect(rendered.split('&lt;img src=x onerror=alert(1)&gt;').length - 1).toBe(5);
    expect(rendered).not.toMatch(/\b(src|href)="/);
  });

  it('has verdicts, what became of a definition word by word, and a bar for each number', () => {
    expect(rendered).toContain('<b class="badge pass">PASS</b>');
    expect(rendered).toContain('<del>1</del><ins>2</ins>');
    expect(rendered).toContain('no failure');
    expect(rendered.match(/<rect /g)).toHaveLength(2);
  });
});
