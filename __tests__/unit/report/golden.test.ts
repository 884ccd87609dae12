import { describe, it } from '@jest/globals';
import { commentBudget, renderComment } from '../../../src/report/render-comment.js';
import { renderConsole } from '../../../src/report/render-console.js';
import { expectGolden } from '../../support/golden.js';
import {
  allPass,
  deployed,
  leftOut,
  oneFailedCheck,
  sqlError,
  tooLong,
} from '../../support/sample-reports.js';

const context = {
  commit: '4e1243bd22c66e76c2ba9eddc1f91394e57f9f83',
  runUrl: 'https://github.com/example/chat/actions/runs/4711',
};

const samples = [
  ['all-pass', allPass],
  ['one-failed-check', oneFailedCheck],
  ['sql-error', sqlError],
  ['left-out', leftOut],
  ['too-long', tooLong],
  ['deployed', deployed],
] as const;

describe('renderComment', () => {
  it.each(samples)('says %s as the golden file does', (name, sample) => {
    expectGolden(`${name}.md`, renderComment(sample(), { context, budget: commentBudget }));
  });
});

describe('renderConsole', () => {
  it.each(samples.slice(0, 4))('says %s as the golden file does', (name, sample) => {
    expectGolden(`${name}.txt`, renderConsole(sample(), { isColored: false, columns: 160 }));
  });
});
