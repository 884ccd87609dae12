import { describe, expect, it } from '@jest/globals';
import { type UploadRequest, uploadReport } from '../../../../src/publish/github/upload-report.js';
import { allPass } from '../../../support/sample-reports.js';

const request = (overrides: Partial<UploadRequest>): UploadRequest => ({
  report: allPass(),
  folder: '/no/such/folder',
  setting: 'true',
  context: { commit: 'c'.repeat(40), runUrl: 'https://github.com/acme/app/actions/runs/7' },
  signal: new AbortController().signal,
  environment: { ACTIONS_RUNTIME_TOKEN: 'token', ACTIONS_RESULTS_URL: 'https://results.example/' },
  ...overrides,
});

describe('uploadReport', () => {
  it.each([
    ['without a token of the runner', { environment: {} }, /this runner gives no token/],
    [
      'on Enterprise Server',
      { environment: { ...request({}).environment, GITHUB_SERVER_URL: 'https://github.acme.example' } },
      /GitHub Enterprise Server takes none/,
    ],
  ])('warns %s where somebody asked for it, and is silent otherwise', async (_, overrides, text) => {
    expect(await uploadReport(request(overrides))).toEqual({
      url: null,
      note: { level: 'warning', text: expect.stringMatching(text) },
    });
    expect(await uploadReport(request({ ...overrides, setting: 'auto' }))).toEqual({ url: null, note: null });
  });

  it('does nothing where nobody wants it', async () => {
    expect(await uploadReport(request({ setting: 'false' }))).toEqual({ url: null, note: null });
  });
});
