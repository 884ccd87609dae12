import { describe, it } from '@jest/globals';
import { commentBudget, type PlaceInBundle, renderComment } from '../../../src/report/render-comment.js';
import { renderConsole } from '../../../src/report/render-console.js';
import { expectGolden } from '../../support/golden.js';
import {
  allPass,
  deployed,
  leftOut,
  lostRow,
  missingShard,
  notDeployed,
  oneFailedCheck,
  openedDoor,
  planned,
  refused,
  sqlError,
  tooLong,
} from '../../support/sample-reports.js';

const context = {
  commit: '4e1243bd22c66e76c2ba9eddc1f91394e57f9f83',
  runUrl: 'https://github.com/example/chat/actions/runs/4711',
  linkTo: ({ path, line }: PlaceInBundle) => ({
    path: `database/fix/${path}`,
    url: `https://github.com/example/chat/pull/12/files#diff-${'5f0e'.repeat(16)}${line === null ? '' : `R${line}`}`,
  }),
};

const samples = [
  ['planned', planned],
  ['all-pass', allPass],
  ['one-failed-check', oneFailedCheck],
  ['sql-error', sqlError],
  ['refused', () => refused()],
  ['left-out', leftOut],
  ['opened-door', openedDoor],
  ['lost-row', lostRow],
  ['not-deployed', notDeployed],
  ['missing-shard', missingShard],
  ['too-long', tooLong],
  ['deployed', deployed],
] as const;

describe('renderComment', () => {
  it.each(samples)('says %s as the golden file does', (name, sample) => {
    expectGolden(`${name}.md`, renderComment(sample(), { context, budget: commentBudget }));
  });
});

describe('renderConsole', () => {
  it.each(samples.slice(0, 10))('says %s as the golden file does', (name, sample) => {
    expectGolden(`${name}.txt`, renderConsole(sample(), { isColored: false, columns: 160 }));
  });
});
