import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readGitHubContext } from '../../../src/settings/github/read-github-context.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'context-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function contextOf(eventName: string, event: unknown) {
  const path = join(folder, 'event.json');
  writeFileSync(path, typeof event === 'string' ? event : JSON.stringify(event));
  return readGitHubContext(environment({ GITHUB_EVENT_NAME: eventName, GITHUB_EVENT_PATH: path }));
}

function environment(overrides: Record<string, string>) {
  return {
    GITHUB_REPOSITORY: 'acme/app',
    GITHUB_SERVER_URL: 'https://github.acme.test',
    GITHUB_API_URL: 'https://github.acme.test/api/v3',
    GITHUB_SHA: 'merge',
    GITHUB_RUN_ID: '1007',
    GITHUB_RUN_NUMBER: '7',
    GITHUB_RUN_ATTEMPT: '2',
    GITHUB_WORKFLOW_REF: 'acme/app/.github/workflows/fix.yml@refs/pull/12/merge',
    GITHUB_WORKSPACE: '/work',
    ...overrides,
  };
}

const ofFork = { sha: 'head', repo: { full_name: 'mallory/app' } };
const ofApp = { sha: 'head', repo: { full_name: 'acme/app' } };
const base = { repo: { full_name: 'acme/app' } };

describe('readGitHubContext', () => {
  it('reads a pull request, with its head instead of the merge commit', () => {
    expect(contextOf('pull_request', { pull_request: { number: 12, head: ofApp, base } })).toEqual({
      repository: { owner: 'acme', name: 'app' },
      apiUrl: 'https://github.acme.test/api/v3',
      repositoryUrl: 'https://github.acme.test/acme/app',
      summaryUrl: 'https://github.acme.test/acme/app/actions/runs/1007/attempts/2',
      compared: { kind: 'unknown' },
      commit: 'head',
      runUrl: 'https://github.acme.test/acme/app/actions/runs/1007',
      runId: 1007,
      workflow: '.github/workflows/fix.yml',
      order: { runNumber: 7, attempt: 2 },
      workspace: '/work',
      pullRequest: { kind: 'known', number: 12, isFromFork: false },
    });
  });

  it('compares a pull request and a merge queue with their base, and others with a push', () => {
    const ofBase = { ...base, sha: 'd' };
    const comparedOf = (name: string, event: unknown) => contextOf(name, event).compared;
    expect([
      comparedOf('pull_request', { pull_request: { number: 12, head: ofApp, base: ofBase } }),
      comparedOf('merge_group', { merge_group: { base_sha: 'd' } }),
    ]).toEqual(Array(2).fill({ kind: 'with', commit: 'd' }));
    expect(comparedOf('push', {})).toMatchObject({ kind: 'by others' });
    expect(comparedOf('issue_comment', { issue: { number: 12, pull_request: {} } })).toEqual({
      kind: 'unknown',
    });
  });

  it.each([ofFork, { ...ofFork, repo: null }])('knows a fork, also one that was deleted', (head) => {
    const { pullRequest } = contextOf('pull_request', { pull_request: { number: 12, head, base } });
    expect(pullRequest).toEqual({ kind: 'known', number: 12, isFromFork: true });
  });

  it.each(['push', 'schedule', 'workflow_dispatch', 'merge_group'])(
    'finds no pull request in %s',
    (eventName) => {
      expect(contextOf(eventName, {}).pullRequest).toEqual({
        kind: 'none',
        reason: `\`${eventName}\` belongs to no pull request.`,
      });
    },
  );

  it('lets a workflow_run speak for the run that triggered it', () => {
    const run = {
      event: 'pull_request',
      id: 900,
      run_number: 3,
      run_attempt: 1,
      path: '.github/workflows/fix.yml@main',
      html_url: 'https://github.acme.test/acme/app/actions/runs/900',
      head_sha: 'forked',
      head_branch: 'patch-1',
      head_repository: { id: 77, owner: { login: 'mallory' } },
    };
    expect(contextOf('workflow_run', { workflow_run: run, repository: { id: 1 } })).toMatchObject({
      commit: 'forked',
      runUrl: 'https://github.acme.test/acme/app/actions/runs/900',
      runId: 900,
      workflow: '.github/workflows/fix.yml',
      order: { runNumber: 3, attempt: 1 },
      pullRequest: {
        kind: 'by-head',
        isFromFork: true,
        head: { owner: 'mallory', branch: 'patch-1', repositoryId: 77, commit: 'forked' },
      },
    });
    const pushed = contextOf('workflow_run', {
      workflow_run: { ...run, event: 'push' },
      repository: { id: 1 },
    });
    expect(pushed.pullRequest.kind).toBe('none');
    const gone = contextOf('workflow_run', {
      workflow_run: { ...run, head_repository: null },
      repository: { id: 1 },
    });
    expect(gone.pullRequest.kind).toBe('none');
  });

  it.each([
    ['malformed', '{ "pull_request": ', 'is not JSON'],
    ['of another shape', '{"pull_request": {"number": "12"}}', 'is not what GitHub sends for `pull_request`'],
  ])('tells that the event file is %s', (_what, text, problem) => {
    const { pullRequest } = contextOf('pull_request', text);
    expect(pullRequest).toMatchObject({ kind: 'unreadable', reason: expect.stringContaining(problem) });
  });

  it.each([
    ['is missing', { GITHUB_EVENT_PATH: '/nowhere/event.json' }, 'cannot be read'],
    ['is not named', {}, 'GITHUB_EVENT_PATH is not set'],
  ])('tells that the event file %s', (_what, overrides, problem) => {
    const { pullRequest } = readGitHubContext(environment(overrides));
    expect(pullRequest).toMatchObject({ kind: 'unreadable', reason: expect.stringContaining(problem) });
  });
});
