import { describe, expect, it } from '@jest/globals';
import type { CommandResult, Evidence } from '../../../src/model.js';
import { renderCriteria } from '../../../src/report/comment/criteria.js';
import { judgeCriteria } from '../../../src/report/judge-criteria.js';
import { mergeReports } from '../../../src/report/merge-reports.js';
import { renderConsole } from '../../../src/report/render-console.js';
import { aReport } from '../../support/build-report.js';
import { buildSubject } from '../../support/build-results.js';

const outcomeOf = (evidence: readonly Evidence[], subjects = [buildSubject()]) => {
  const [result] = judgeCriteria([{ title: 'A', evidence }], subjects);
  return [result?.outcome, result?.shown.join('; ')];
};
const skipped = { outcome: 'skipped', reason: 'a target is not tried out' } as const;

describe('a criterion', () => {
  it('is met by what passed on every database, with its figure', () => {
    expect(outcomeOf([{ kind: 'checks' }])).toEqual([
      'met',
      expect.stringMatching(/^checks on 1 database: (\d+) of \1 pass$/),
    ]);
    expect(outcomeOf([{ kind: 'preservation' }, { kind: 'rerun' }])).toEqual([
      'met',
      'preservation on 1 database: 1 of 1 pass; re-run on 1 database: 1 of 1 pass',
    ]);
  });

  it('is open where something did not pass, was not run, or is not there, and says only that', () => {
    const subject = buildSubject({ scenarios: skipped });
    expect(outcomeOf([{ kind: 'preservation' }, { kind: 'scenarios' }], [subject])).toEqual([
      'open',
      'scenarios on 1 database not run',
    ]);
    expect(outcomeOf([{ kind: 'check', number: 99 }])).toEqual(['open', 'check 99 on 1 database not run']);
    expect(outcomeOf([{ kind: 'checks' }], [])).toEqual(['open', 'the fix was applied to no database']);
    const failed = buildSubject({
      rerun: { outcome: 'fail', changedObjects: [], changedTables: [], rowsWritten: 1, problem: null },
    });
    expect(outcomeOf([{ kind: 'rerun' }], [buildSubject(), failed])).toEqual([
      'open',
      're-run on 2 databases: 1 of 2 pass',
    ]);
  });

  it('that a command shows is open, and one that logs show too does not wait for them', () => {
    expect(outcomeOf([{ kind: 'command', command: 'npm run realtime' }])).toEqual([
      'open',
      'npm run realtime shows it',
    ]);
    expect(outcomeOf([{ kind: 'rerun' }, { kind: 'log', signature: '23503' }])[0]).toBe('met');
    expect(outcomeOf([{ kind: 'log', signature: '23503' }])).toEqual(['open', 'monitor shows it']);
  });

  it('that a command shows is ticked by what it wrote down of the same bundle, and merged so', () => {
    const [evidence, at] = [[{ kind: 'command', command: 'npm run x' } as const], '2026-11-26T10:20:30.000Z'];
    const result = { command: 'npm run x', outcome: 'pass', shown: '0 errors', bundle: 'a', at } as const;
    const outcome = (given: Partial<CommandResult>) => {
      const beside = { commands: [{ ...result, ...given }], digest: 'a' };
      const [found] = judgeCriteria([{ title: 'A', evidence }], [], beside);
      return [found?.outcome, found?.shown.join()];
    };
    expect(outcome({})).toEqual(['met', 'npm run x, 2026-11-26 10:20 UTC: 0 errors']);
    expect(outcome({ outcome: 'fail', shown: '3 errors' })).toEqual([
      'open',
      'npm run x, 2026-11-26 10:20 UTC: 3 errors',
    ]);
    expect(outcome({ bundle: 'b' })[0]).toBe('open');
    expect(outcome({ command: 'npm run y' })).toEqual(['open', 'npm run x shows it']);

    const report = aReport();
    const commands = [{ ...result, bundle: report.bundle.digest }];
    const part = { ...report, commands, criteria: judgeCriteria([{ title: 'A', evidence }], []) };
    const merged = mergeReports({
      reports: [{ path: 'a.json', report: part }],
      unmatched: [],
      expectedReports: 1,
    });
    expect(merged.criteria).toMatchObject([{ outcome: 'met' }]);
    expect(merged.commands).toEqual(commands);
  });

  it('is shown in every report, ticked or not', () => {
    const report = {
      ...aReport(),
      criteria: judgeCriteria(
        [
          { title: 'Nothing @is lost', evidence: [{ kind: 'preservation' }] },
          { title: 'Messages arrive', evidence: [{ kind: 'command', command: 'npm run realtime' }] },
        ],
        [buildSubject()],
      ),
    };
    const text = renderConsole(report, { isColored: false, columns: 120 });
    expect(text).toContain('[x]  Nothing @is lost  preservation on 1 database: 1 of 1 pass');
    expect(text).toContain('[ ]  Messages arrive   npm run realtime shows it');
    expect(renderCriteria(report)).toContain('Success criteria: 1 of 2');
    expect(renderCriteria(report)).toContain('- [ ] Messages arrive (npm run realtime shows it)');
  });
});
