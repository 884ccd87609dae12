/** What a reader is told of rollbacks that were tried. */
import { describe, expect, it } from '@jest/globals';
import type { RollbackResult, SubjectResult } from '../../../src/model.js';
import { subjectNumbers } from '../../../src/report/console/subjects.js';
import { answerQuestions } from '../../../src/report/questions.js';
import { renderJson } from '../../../src/report/render-json.js';
import { renderJunit } from '../../../src/report/render-junit.js';
import { subjectFailures } from '../../../src/report/subject-cases.js';
import { aReport } from '../../support/build-report.js';
import {
  buildProblem,
  buildRollback,
  buildSubject,
  buildTriedRollback,
  skipped,
} from '../../support/build-results.js';

const refused = buildRollback({
  outcome: 'refused',
  plain: buildTriedRollback({ refused: ['the cast (text as json)'], rows: { before: 0, returned: 0 } }),
  used: skipped(),
  people: 0,
  again: skipped(),
});

const asked = (...rollbacks: readonly SubjectResult['rollback'][]) =>
  answerQuestions(
    aReport({
      subjects: rollbacks.map((rollback, place) => buildSubject({ name: `0${place + 1}`, rollback })),
    }),
  ).find(({ question }) => question === 'Does it roll back?');

describe('the question whether it rolls back', () => {
  it('is not asked where a report knows of none', () => {
    expect(asked(undefined)).toBeUndefined();
  });

  it('is answered by catalog and rows, and by what was tried after the application was used', () => {
    expect(asked(buildRollback())).toMatchObject({
      word: 'PASS',
      answer: 'rolled back: same catalog, 1,464 of 1,464 rows',
      details: [
        '11 people reach what they reached before the fix',
        'after the application was used: 1,464 of 1,464 rows, 46 of 46 rows written since kept',
        'applied once more, 8 of 8 checks pass',
      ],
    });
  });

  it.each<[string, readonly SubjectResult['rollback'][], string, string]>([
    ['one fails', [buildRollback(), buildRollback({ outcome: 'fail' })], 'FAIL', '; not as before on 02'],
    ['one is refused', [buildRollback(), refused], 'INFO', ' on 1 database; 1 refused'],
    [
      'one was not run',
      [buildRollback(), skipped('it is said why')],
      'NOT RUN',
      '; not run on 1 database (it is said why)',
    ],
    ['none was run', [skipped('rollback is false')], 'NOT RUN', 'rollback is false'],
  ])('says so where %s', (_what, rollbacks, word, ending) => {
    const found = asked(...rollbacks);
    expect(found?.word).toBe(word);
    expect(found?.answer.endsWith(ending)).toBe(true);
    expect(found?.details.includes('refused, and told why on 02')).toBe(rollbacks.includes(refused));
  });

  it('tells what stands in the way, what stays, and what has to be chosen', () => {
    const chosen = buildTriedRollback({ chosen: ['--keys-not-valid'], since: { written: 5, kept: 5 } });
    const kept = buildTriedRollback({
      kept: ['the index public.broken is not made again: it was not valid'],
    });
    expect(asked(refused, buildRollback({ plain: kept, used: chosen }))?.details).toEqual(
      expect.arrayContaining([
        expect.stringContaining('5 of 5 rows written since kept (with --keys-not-valid)'),
        '01: in the way the cast (text as json)',
        '02: the index public.broken is not made again: it was not valid',
      ]),
    );
  });
});

describe('a database', () => {
  it('has it at the end of its line', () => {
    expect(subjectNumbers(buildSubject({ rollback: buildRollback() })).at(-1)).toBe(
      'back: same catalog, 1,464 of 1,464 rows',
    );
    expect(subjectNumbers(buildSubject()).at(-1)).toBe('');
  });

  it.each<[string, Partial<RollbackResult>, readonly string[]]>([
    [
      'what is not as it was',
      { plain: buildTriedRollback({ differing: ['view public.gone'], rows: { before: 3, returned: 1 } }) },
      ['Rolled back'],
    ],
    [
      'rows written since that are lost',
      { used: buildTriedRollback({ since: { written: 3, kept: 2 } }) },
      ['Rolled back after the application was used'],
    ],
    ['an error', { plain: buildTriedRollback({ problem: buildProblem() }) }, ['Rolled back']],
    ['checks that fail then', { again: { passed: 7, planned: 8 } }, ['Applied once more after a rollback']],
  ])('fails by %s', (_what, found, titles) => {
    const rollback = buildRollback({ outcome: 'fail', ...found });
    const subject = buildSubject({ outcome: 'fail', rollback });
    expect(subjectFailures(subject, true).map(({ title }) => title)).toEqual(titles);
    expect(renderJunit(aReport({ subjects: [subject] }))).toContain('name="Rolled back"');
  });

  it('has its rollback in the JSON report, which its schema knows', () => {
    const text = renderJson(aReport({ subjects: [buildSubject({ rollback: refused })] }));
    expect(JSON.parse(text)).toMatchObject({ subjects: [{ rollback: { outcome: 'refused' } }] });
  });
});
