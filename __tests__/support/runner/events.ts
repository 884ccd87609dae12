/** What GitHub writes into the event file, as far as anybody looks. */

const base = { sha: 'd'.repeat(40), repo: { full_name: 'acme/app' } };

export interface RunnerEvent {
  readonly name: string;
  /** A string is written as it is. */
  readonly payload: unknown;
}

export const pullRequest: RunnerEvent = {
  name: 'pull_request',
  payload: { pull_request: { number: 12, base, head: { sha: 'a'.repeat(40), repo: base.repo } } },
};

export const pullRequestFromFork: RunnerEvent = {
  name: 'pull_request',
  payload: {
    pull_request: { number: 12, base, head: { sha: 'b'.repeat(40), repo: { full_name: 'mallory/app' } } },
  },
};

/** A push to the branch, of the commit that the pull requests are to be merged into. */
export const pushOfBase: RunnerEvent = { name: 'push', payload: {} };
export const commitOfBase = base.sha;

export const companionOfFork: RunnerEvent = {
  name: 'workflow_run',
  payload: {
    workflow_run: {
      event: 'pull_request',
      id: 1007,
      run_number: 7,
      run_attempt: 1,
      path: '.github/workflows/schema-fix.yml',
      html_url: 'https://github.com/acme/app/actions/runs/1007',
      head_sha: 'b'.repeat(40),
      head_branch: 'patch-1',
      head_repository: { id: 77, owner: { login: 'mallory' } },
      pull_requests: [],
    },
    repository: { id: 1 },
  },
};

/** As they are kept by the double. */
export const openPullRequests = [
  { number: 12, head: { owner: 'mallory', branch: 'patch-1', sha: 'b'.repeat(40), repositoryId: 77 } },
];
