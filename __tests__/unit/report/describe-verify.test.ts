import { describe, expect, it } from '@jest/globals';
import { describeVerify } from '../../../src/report/watch/describe-verify.js';
import type { VerifyReport } from '../../../src/watched.js';

function describeWith(sslWarning: string | null) {
  const report: VerifyReport = {
    formatVersion: 1,
    command: 'verify',
    verdict: 'pass',
    bundle: { title: 'Notes', digest: 'a'.repeat(64) },
    criteria: [],
    verify: {
      place: 'db:5432/notes',
      database: 'notes',
      role: 'reader',
      serverVersion: '17.10',
      isReadOnly: true,
      isReplica: false,
      sslWarning,
      checks: [],
      queries: [],
      drift: { kind: 'unknown', reason: 'Nothing was recorded.' },
      pastPolicies: [],
      reasons: [],
    },
    startedAt: '2026-11-28T22:00:00.000Z',
    milliseconds: 1,
  };
  return JSON.stringify(describeVerify(report).blocks);
}

describe('describeVerify', () => {
  it('says that the server was not verified where it was not', () => {
    const warning = 'sslmode=require does not verify the server.';
    expect(describeWith(warning)).toContain(warning);
    expect(describeWith(null)).not.toMatch(/sslmode|"null"|,null,/);
  });
});
