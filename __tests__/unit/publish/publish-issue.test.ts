/** One issue for as long as something is wrong, on a GitHub that holds each question and answer against its own description. */
import { describe, expect, it } from '@jest/globals';
import { openGitHubApi } from '../../../src/publish/github/open-github-api.js';
import { publishIssue } from '../../../src/publish/github/publish-issue.js';
import { type Account, maintainer, stranger, workflowBot } from '../../support/github/accounts.js';
import type { StoredIssue } from '../../support/github/operations.js';
import { startGitHubDouble } from '../../support/github/start-github-double.js';

type Api = Parameters<typeof publishIssue>[0];

/** A repository's issues, as far as they are asked for. */
function createIssues(account: Account = workflowBot) {
  const stored: StoredIssue[] = [];
  const show = ({ number, body, author }: StoredIssue) => ({ number, url: `issues/${number}`, body, author });
  const api: Api = {
    readViewer: async () => account,
    listOpenIssues: async () => stored.filter(({ state }) => state === 'open').map(show),
    createIssue: async (issue) => {
      const created: StoredIssue = { ...issue, number: 101 + stored.length, author: account, state: 'open' };
      stored.push(created);
      return show(created);
    },
    updateIssue: async (number, { isClosed, ...changes }) => {
      const found = stored.find((issue) => issue.number === number) as StoredIssue;
      Object.assign(found, changes, isClosed ? { state: 'closed' } : {});
      return show(found);
    },
  };
  return { api, stored };
}

function tell(api: Api, verdict: 'pass' | 'fail', run: number, key = 'default') {
  return publishIssue(api, {
    delivery: {
      verdict,
      headline: verdict === 'pass' ? 'PASS, as it was deployed' : `FAIL: ${run} definitions have changed`,
      renderBody: () => `## told by run ${run}`,
    },
    context: { workflow: 'verify.yml', runId: run, order: { runNumber: run, attempt: 1 } },
    key,
  });
}

describe('the issue', () => {
  it('is opened by what is wrong, brought up to date, closed when it is gone, and opened anew', async () => {
    const { api, stored } = createIssues();
    expect(await tell(api, 'pass', 1)).toEqual({ url: null, note: null });
    expect(stored).toEqual([]);
    expect((await tell(api, 'fail', 2)).url).toBe('issues/101');
    await tell(api, 'fail', 3);
    expect(stored).toMatchObject([
      {
        title: 'FAIL: 3 definitions have changed',
        body: expect.stringContaining('told by run 3'),
        state: 'open',
      },
    ]);
    await tell(api, 'pass', 4);
    expect(stored).toMatchObject([{ body: expect.stringContaining('told by run 4'), state: 'closed' }]);
    await tell(api, 'fail', 5);
    expect(stored.map(({ state }) => state)).toEqual(['closed', 'open']);
  });

  it('is never that of somebody else who copied the marker, nor of another key', async () => {
    const { api, stored } = createIssues();
    await tell(api, 'fail', 2);
    const [first] = stored as [StoredIssue];
    stored.push({ ...first, number: 102, author: stranger }, { ...first, number: 103, author: maintainer });
    await tell(api, 'fail', 3, 'other');
    await tell(api, 'pass', 4);
    expect(stored.map(({ state }) => state)).toEqual(['closed', 'open', 'open', 'open']);
  });

  it('is left to a newer run', async () => {
    const { api, stored } = createIssues();
    await tell(api, 'fail', 7);
    expect((await tell(api, 'pass', 6)).note?.text).toContain('a newer run has written it already');
    expect(stored.map(({ state }) => state)).toEqual(['open']);
  });

  it('is one where two first runs have opened two', async () => {
    const { api, stored } = createIssues();
    await tell(api, 'fail', 2);
    stored.push({ ...(stored[0] as StoredIssue), number: 102 });
    await tell(api, 'fail', 3);
    expect(stored.map(({ state }) => state)).toEqual(['open', 'closed']);
  });

  it('is opened and closed as GitHub describes it, and refused with the permission that is missing', async () => {
    const github = await startGitHubDouble();
    try {
      const open = (token: string) =>
        openGitHubApi({
          token,
          apiUrl: github.url,
          repository: { owner: 'acme', name: 'app' },
          signal: new AbortController().signal,
          log: () => undefined,
        });
      const { note } = await tell(await open('ghs-read-only-0003'), 'fail', 1);
      expect(note?.text).toContain('The issue could not be written.');
      expect(note?.text).toContain('`permissions: issues: write`');
      const api = await open('ghs-workflow-0001');
      expect((await tell(api, 'fail', 2)).url).toBe(`${github.url}/acme/app/issues/101`);
      await tell(api, 'pass', 3);
      expect(github.state.issues).toMatchObject([{ state: 'closed', author: workflowBot }]);
      expect(github.breaches).toEqual([]);
    } finally {
      await github.stop();
    }
  });
});
