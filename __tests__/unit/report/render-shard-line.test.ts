import { describe, expect, it } from '@jest/globals';
import { renderShardLine } from '../../../src/report/render-shard-line.js';
import { aReport } from '../../support/build-report.js';
import { allPass, oneFailedCheck } from '../../support/sample-reports.js';

const shard = { index: 2, count: 4 };

describe('renderShardLine', () => {
  it('says in one line which shard it is, and what came of it', () => {
    expect(renderShardLine({ ...allPass(), shard })).toMatch(
      /^✅ PASS, Postgres 17, shard 2 of 4 \(12 of 12 databases, .*\) <sub>Comprehensive chat schema fix<\/sub>\n$/,
    );
  });

  it('says by what it fails', () => {
    expect(renderShardLine({ ...oneFailedCheck(), shard })).toMatch(
      /^❌ FAIL, Postgres 17, shard 2 of 4: Check 1: Foreign Key, on 2 of 12 databases \(10 of 12 databases/,
    );
  });

  it('says what is missing where nothing was proven', () => {
    const nothing = aReport({ shard, subjects: [] });
    expect(renderShardLine(nothing)).toMatch(
      /^❌ NOT PROVEN, Postgres 17, shard 2 of 4: No database was rehearsed \(/,
    );
  });

  it('leaves a title text', () => {
    const report = allPass();
    const hostile = { ...report, shard, bundle: { ...report.bundle, title: '<b>@everyone\n# x' } };
    const line = renderShardLine(hostile);
    expect(line.split('\n')).toHaveLength(2);
    expect(line).not.toMatch(/<b>|@everyone/);
  });
});
