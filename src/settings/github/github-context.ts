/** Where a run stands on GitHub: repository, commit, order among the runs, pull request. */

export interface Repository {
  readonly owner: string;
  readonly name: string;
}

/** Which of two runs of one workflow is the newer. A re-run keeps its number and raises its attempt. */
export interface RunOrder {
  readonly runNumber: number;
  readonly attempt: number;
}

/** The head of a pull request that only GitHub can tell the number of, and who vouches for it. */
export interface PullRequestHead {
  readonly owner: string;
  readonly branch: string;
  readonly repositoryId: number;
  readonly commit: string;
}

export type PullRequestReference =
  | { readonly kind: 'known'; readonly number: number; readonly isFromFork: boolean }
  /** Somebody says so, and GitHub is asked whether its head is what was rehearsed. */
  | { readonly kind: 'by-number'; readonly number: number; readonly isFromFork: boolean }
  | { readonly kind: 'by-head'; readonly head: PullRequestHead; readonly isFromFork: boolean }
  /** Nothing is wrong: a push or a schedule belongs to no pull request. */
  | { readonly kind: 'none'; readonly reason: string }
  /** Something is wrong: there may be a pull request, but it cannot be told which. */
  | { readonly kind: 'unreadable'; readonly reason: string };

/** What stands where: a change is compared with the commit that it is to be merged into, and a commit of a branch by such changes. */
export type Compared =
  | { readonly kind: 'with'; readonly commit: string }
  | { readonly kind: 'by others'; readonly commit: string }
  | { readonly kind: 'unknown' };

export interface GitHubContext {
  readonly repository: Repository | null;
  readonly apiUrl: string;
  /** `https://github.com/acme/app`; null where there is no repository. */
  readonly repositoryUrl: string | null;
  /** The commit that was looked at: the pull request's head, not the merge commit made for the run. */
  readonly commit: string;
  readonly runUrl: string;
  /** Where the job summary of this very run is shown. */
  readonly summaryUrl: string;
  readonly runId: number;
  /** `.github/workflows/schema-fix.yml`: run numbers of different workflows cannot be compared. */
  readonly workflow: string;
  readonly order: RunOrder;
  /** Where the repository is checked out; annotations are relative to it. */
  readonly workspace: string;
  readonly pullRequest: PullRequestReference;
  readonly compared: Compared;
}
