import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ImpactResult, Report } from '../../../src/model.js';
import { estimateHeight } from '../../../src/report/comment/height.js';
import { commentBudget, renderComment, summaryBudget } from '../../../src/report/render-comment.js';
import { aReport, buildReportInput } from '../../support/build-report.js';
import {
  buildCheckResult,
  buildChecks,
  buildProblem,
  buildStoppedSubject,
  buildSubject,
  failingCheck,
  skipped,
} from '../../support/build-results.js';
import { hostileText } from '../../support/hostile-text.js';
import { allNodes, parseMarkdown } from '../../support/parse-markdown.js';
import {
  allPass,
  deployed,
  failedInManyWays,
  leftOut,
  lostRow,
  missingShard,
  notDeployed,
  oneFailedCheck,
  openedDoor,
  refused,
  refusedFor,
  sqlError,
  tooLong,
} from '../../support/sample-reports.js';

const unlimited = { context: null, budget: null };
const within = (limit: number) => ({ context: null, budget: { limit, unit: 'characters' as const } });
/** Without the bundle's title, which ends it. */
const firstLine = (text: string) => text.split('\n', 1)[0]?.replace(/ <sub>.*<\/sub>$/, '');

/** A report as hopeless as can be: many failing checks with endless names, on many databases. */
function hopeless(): Report {
  const title = '@everyone $|`'.repeat(400);
  const checks = Array.from({ length: 120 }, (_, index) => ({
    number: index + 1,
    title: `${index} ${title}`,
    path: `checks/${index}.sql`,
    before: failingCheck(),
    after: failingCheck({ object: `${index} ${title}`, actual: title }),
  }));
  const subjects = Array.from({ length: 10 }, (_, index) =>
    buildSubject({ name: `${index} ${title}`, title, outcome: 'fail', checks }),
  );
  return aReport({ bundle: { ...buildReportInput().bundle, title }, subjects });
}

describe('renderComment', () => {
  it('tells sizes and reads of the largest database, with ratios of what was answered before and after', () => {
    const done = { kind: 'done', milliseconds: 8, rows: 3, plan: ['Seq Scan on notes|x'] } as const;
    const impact = (rows: number): ImpactResult => ({
      people: 3,
      sizes: [{ table: 'public.notes', before: null, after: { rows, indexes: rows / 20 } }],
      reads: [
        { number: 1, title: 'Own notes', before: done, after: { ...done, milliseconds: 2 } },
        { number: 2, title: 'All', before: { kind: 'refused', sqlstate: '42P17' }, after: done },
        { number: 3, title: 'Long', before: { kind: 'unfinished' }, after: { kind: 'untried' } },
      ],
    });
    const subjects = [
      buildSubject({ name: 'small', impact: impact(8192) }),
      buildSubject({ name: 'large', impact: impact(20 * 1024 * 1024) }),
      buildSubject({ name: 'unmeasured' }),
    ];
    const text = renderComment(aReport({ subjects }), unlimited);
    expect(text).toContain(
      'Measured on `large`, the largest of 2 databases; the verdict does not depend on it.',
    );
    expect(text).toContain('| `public.notes` | none → 20.0 MB | none → 1.0 MB (5 %) |');
    expect(text).toContain(
      '| 1. Own notes | 8.00 ms, 3 rows → 2.00 ms, 3 rows | 0.25 | `Seq Scan on notes\\|x` |',
    );
    expect(text).toContain('| 2. All | refused (42P17) → 8.00 ms, 3 rows | |');
    expect(text).toContain('| 3. Long | not finished in a second → not tried | | |');
    expect(renderComment(aReport({ subjects: [buildSubject()] }), unlimited)).not.toContain('Performance');
  });

  it.each([
    ['a rehearsal that passed', allPass, '## ✅ PASS, safe to merge: repairs 11 databases'],
    [
      'a check that failed',
      oneFailedCheck,
      '## ❌ FAIL, do not merge: Check 1: Foreign Key, on 2 of 12 databases',
    ],
    [
      'a section that failed',
      sqlError,
      '## ❌ FAIL, do not merge: Section 8: Create policies, on all 11 databases',
    ],
    [
      'a deployment',
      deployed,
      '## ✅ PASS, committed to db.example.org:5432/chat\\_staging, but no scenario was tried',
    ],
    [
      'a deployment that was rolled back',
      notDeployed,
      '## ❌ NOT DEPLOYED, rolled back, db.example.org:5432/chat\\_staging is as it was: Check 7: Duplicate Groups',
    ],
    [
      'a part that is missing',
      missingShard,
      '## ❌ NOT PROVEN: Postgres 17: shard 3 of 4 is missing, and 4 more reasons',
    ],
    ['nothing', () => aReport({ subjects: [] }), '## ❌ NOT PROVEN: No database was rehearsed'],
  ])('answers in its first line: %s', (_, report, answer) => {
    expect(firstLine(renderComment(report(), unlimited))).toBe(answer);
  });

  it('keeps a row for each question of a PASS, with all that its last line can say on github.com', () => {
    const url = 'https://github.com/acme/app/actions/runs/1';
    const context = {
      ...{ commit: 'a'.repeat(40), runUrl: url, artifactUrl: `${url}/artifacts/2` },
      footnotes: ['no report of the base'],
    };
    const text = renderComment(allPass(), { context, budget: null });
    expect(text).toContain('Can&nbsp;it&nbsp;run&nbsp;twice?');
    expect(text).toMatch(/ · no report of the base · \[the whole report of aaaaaaa\]\(.*\)<\/sub>$/m);
  });

  it('ends its first line with the title of the bundle: two of them are told apart', () => {
    const report = allPass();
    const renamed = { ...report, bundle: { ...report.bundle, title: 'Billing <b>' } };
    expect(renderComment(renamed, unlimited).split('\n', 1)[0]).toBe(
      '## ✅ PASS, safe to merge: repairs 11 databases <sub>Billing&nbsp;&lt;b&gt;</sub>',
    );
  });

  it('does not say that a database is as it was where that is not known', () => {
    const { subjects } = notDeployed();
    const report = {
      ...notDeployed(),
      subjects: subjects.map((one) => ({ ...one, problem: buildProblem(), committed: 'unknown' as const })),
    };
    expect(firstLine(renderComment(report, unlimited))).toBe(
      '## ⚠️ UNKNOWN whether db.example.org:5432/chat\\_staging was changed: The database could not be worked on, and 1 more failure',
    );
  });

  it.each([
    ['passed', allPass],
    ['passed with statements left out', leftOut],
    ['failed by one check', oneFailedCheck],
    ['failed by one check in twelve ways', failedInManyWays],
    ['failed by an SQL error', sqlError],
    ['opened a door', openedDoor],
    ['lost a row', lostRow],
    ['was refused', () => refused()],
    ['was refused for thirty reasons', () => refusedFor(30)],
    ['was not deployed', notDeployed],
  ])('fits on one screen where it %s', (_, report) => {
    expect(estimateHeight(renderComment(report(), unlimited))).toBeLessThanOrEqual(600);
  });

  it('has each decision whole, also where not all of them are open', () => {
    const text = renderComment(refusedFor(30), unlimited);
    for (let number = 1; number <= 30; number += 1) expect(text).toContain(`(public.notes.rule${number})`);
    expect(renderComment(refusedFor(1, 2500), unlimited)).toContain('(public.notes.rule1)');
  });

  it('says what to do about a row that is lost, and about a door that is open', () => {
    const [visible = ''] = renderComment(lostRow(), unlimited).split('<details>', 1);
    expect(visible).toContain(
      '**What to do:** A fix deletes nothing. Leave the row, move it (to), or put it whole',
    );
    expect(renderComment(openedDoor(), unlimited)).toContain('**What to do:** Narrow these policies;');
  });

  it('says that a part of a rehearsal is only that', () => {
    const shard = { ...allPass(), shard: { index: 2, count: 4 } };
    expect(firstLine(renderComment(shard, unlimited))).toBe('## ✅ PASS, shard 2 of 4: repairs 11 databases');
    const part = { ...allPass(), sections: { numbers: [5, 8], isWholeFix: false, added: [] } };
    expect(firstLine(renderComment(part, unlimited))).toBe(
      '## ✅ PASS, but only for sections 5, 8: repairs 11 databases',
    );
  });

  it('links a line of the repository, and only such a one', () => {
    const url = 'https://github.com/a/b/pull/1/files#diff-00R41';
    const linkTo = () => ({ path: 'fix/sections/08_create_policies.sql', url });
    const context = { commit: null, runUrl: null, linkTo };
    expect(renderComment(sqlError(), { context, budget: null })).toContain(
      `In [\`fix/sections/08_create_policies.sql:41:12\`](${url}):`,
    );
    expect(
      renderComment(sqlError(), { context: { ...context, linkTo: () => null }, budget: null }),
    ).toContain('In `sections/08_create_policies.sql:41:12`:');
  });

  it('says of the base what there is to say before what failed, as text', () => {
    const notes = ['Not blocking: fail-on is regression.', 'Since the base: @everyone\n# newly fails.'];
    const text = renderComment(sqlError(), { context: { commit: null, runUrl: null, notes }, budget: null });
    expect(text.split('\n').slice(2, 6)).toEqual([
      '> Not blocking: fail-on is regression.',
      '>',
      '> Since the base: @&#8203;everyone⏎# newly fails.',
      '',
    ]);
  });

  it('says on how many databases once', () => {
    const [visible = ''] = renderComment(sqlError(), unlimited).split('<details>', 1);
    expect(visible.match(/databases|01_empty/g)).toEqual(['databases']);
  });

  it('shows a failing line with its caret, what Postgres said and what to do', () => {
    const text = renderComment(aReport({ subjects: [buildStoppedSubject(buildProblem())] }), unlimited);
    expect(text).toContain('In `sections/08_create_policies.sql:41:12`:');
    expect(text).toContain('    using (public.user_is_in_rom(room_id));\n           ^\n');
    expect(text).toContain('(SQLSTATE 42883)');
    expect(text).toContain('**What to do:**');
  });

  it('shows the settings that were given, and only those', () => {
    const settings = [
      { name: 'acknowledge', value: ['public.notes: a | b', '@everybody'], isGiven: true },
      { name: 'limit', value: '5', isGiven: false },
    ];
    const text = renderComment({ ...allPass(), settings }, unlimited);
    expect(text).toContain('| `acknowledge` | `public.notes: a \\| b` |\n');
    expect(text).toContain('| `acknowledge` | `@everybody` |\n');
    expect(text).not.toContain('`limit`');
    const many = Array.from({ length: 20_000 }, (_, item) => `public.notes: rule ${item}`);
    const short = renderComment(
      { ...allPass(), settings: [{ name: 'acknowledge', value: many, isGiven: true }] },
      { context: null, budget: commentBudget },
    );
    expect(short.length).toBeLessThanOrEqual(commentBudget.limit);
    expect(short).toMatch(/… and [\d,]+ more values/);
  });

  it('does not call a check passed that was not run everywhere', () => {
    const subjects = [buildSubject({ name: 'a' }), buildStoppedSubject(buildProblem(), { name: 'b' })];
    const text = renderComment(aReport({ subjects }), unlimited);
    expect(text).toContain(
      '⚠️&nbsp;NOT&nbsp;RUN | 1. Foreign Key | 0&nbsp;→&nbsp;1&nbsp;of&nbsp;2,&nbsp;not&nbsp;run&nbsp;on&nbsp;1',
    );
  });

  it('does not count as repaired what a part of the fix leaves as it was', () => {
    const choice = {
      sections: buildReportInput().choice.sections.slice(0, 5),
      added: [{ number: 5, neededBy: 8 }],
    };
    const subject = buildSubject({
      checks: buildChecks({ 3: { after: failingCheck() } }),
      scenarios: skipped(),
    });
    const report = aReport({ choice, plan: { subjects: 1, checks: 8, scenarios: 0 }, subjects: [subject] });
    const text = renderComment(report, unlimited);
    expect(firstLine(text)).toContain('PASS');
    expect(text).toContain('⚠️&nbsp;UNREPAIRED | 3. RLS Enabled');
    expect(text).toContain('7 of 8 checks pass');
    expect(text).toContain('sections 1–5 (5 because 8 needs it)');
  });

  it('leaves out passing details first, then what is folded, and the failures last', () => {
    const report = oneFailedCheck();
    const full = renderComment(report, unlimited);
    const parts = [
      'What the checks looked at',
      'Locks, the strongest first',
      '✅&nbsp;PASS | `01_empty_database`',
      'in `checks/01_foreign_key.sql`',
      '❌&nbsp;FAIL | 1.',
    ];
    const shown = [full.length, full.length - 1, 5500, 2500, 1700].map((limit) => {
      const text = renderComment(report, within(limit));
      expect(text.length).toBeLessThanOrEqual(limit);
      return parts.map((part) => text.includes(part));
    });
    expect(shown).toEqual([
      [true, true, true, true, true],
      [false, true, true, true, true],
      // Where the cause stands, its row is folded with those of the other checks.
      [false, false, true, true, false],
      [false, false, false, true, false],
      [false, false, false, false, true],
    ]);
  });

  it('says that it was shortened, and where the rest is', () => {
    expect(renderComment(tooLong(), { context: null, budget: commentBudget })).toContain('Shortened to fit');
    expect(renderComment(allPass(), { context: null, budget: commentBudget })).not.toContain('Shortened');
  });

  it.each([
    ['a comment', commentBudget],
    ['a summary', summaryBudget],
    ['next to nothing', { limit: 20_000, unit: 'characters' as const }],
  ])('fits %s, however hopeless the report', (_, budget) => {
    const text = renderComment(hopeless(), { context: null, budget });
    expect(budget.unit === 'bytes' ? Buffer.byteLength(text) : text.length).toBeLessThanOrEqual(budget.limit);
    expect(firstLine(text)).toMatch(/^## ❌ FAIL, do not merge: Check 1: 0 /);
    expect(text).toContain('❌&nbsp;FAIL | 1. 0 ');
  });

  it('stays one document whatever the database says', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const problem = buildProblem({
          message: text,
          detail: text,
          hint: text,
          snippet: text,
          advice: text,
          path: `sections/08_${text}`,
        });
        const subjects = [
          buildStoppedSubject(problem, { name: text, title: text }),
          buildSubject({
            name: 'b',
            outcome: 'fail',
            checks: buildChecks({
              1: {
                title: text,
                after: buildCheckResult({
                  ...failingCheck({ object: text, expected: text, actual: text }),
                  reason: text,
                }),
              },
            }),
          }),
        ];
        const bundle = { ...buildReportInput().bundle, title: text };
        const nodes = allNodes(parseMarkdown(renderComment(aReport({ bundle, subjects }), unlimited)));
        const ofType = (type: string) => nodes.filter((node) => node.type === type);
        expect(ofType('heading')).toHaveLength(1);
        expect([...ofType('link'), ...ofType('image')]).toEqual([]);
        const tags = ofType('html').map(({ value }) => value ?? '');
        expect(tags.filter((tag) => !/^<\/?(details|summary|sub|br|span)\b/.test(tag))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});
