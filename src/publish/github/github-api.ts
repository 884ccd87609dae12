/** The few calls to GitHub that publishing needs, as plain data: what is passed to whoever makes them. */
import type { PullRequestHead } from '../../settings/github/github-context.js';
import type { ShownLines } from './link-places.js';

export interface Account {
  readonly id: number;
  readonly login: string;
}

export interface Comment {
  readonly id: number;
  readonly url: string;
  readonly body: string;
  /** null: the account is gone. */
  readonly author: Account | null;
}

/** On a line of the diff of a pull request. */
export interface ReviewComment {
  readonly id: number;
  readonly path: string;
  /** On the new side; null: the diff does not show it any more. */
  readonly line: number | null;
  readonly body: string;
  readonly author: Account | null;
  /** The comment that it answers. */
  readonly inReplyTo: number | null;
}

export interface Issue {
  readonly number: number;
  readonly url: string;
  readonly body: string;
  /** null: the account is gone. */
  readonly author: Account | null;
}

export interface CheckRunAnnotation {
  readonly path: string;
  readonly line: number;
  readonly title: string;
  readonly message: string;
}

export interface CheckRunOutput {
  readonly title: string;
  readonly summary: string;
  readonly annotations: readonly CheckRunAnnotation[];
}

export interface GitHubApi {
  /** Who the token speaks for; null where it may not ask. */
  readViewer(): Promise<Account | null>;
  /** All pages, oldest first. */
  listComments(pullRequest: number): Promise<readonly Comment[]>;
  createComment(pullRequest: number, body: string): Promise<Comment>;
  updateComment(id: number, body: string): Promise<Comment>;
  deleteComment(id: number): Promise<void>;
  /** Open ones, all pages, oldest first; pull requests are none. */
  listOpenIssues(): Promise<readonly Issue[]>;
  createIssue(issue: { readonly title: string; readonly body: string }): Promise<Issue>;
  /** `isClosed`: as completed. */
  updateIssue(
    number: number,
    issue: { readonly title: string; readonly body: string; readonly isClosed: boolean },
  ): Promise<Issue>;
  /** Numbers of the open pull requests whose head is exactly this commit of this repository. */
  listPullRequestsOfHead(head: PullRequestHead): Promise<readonly number[]>;
  /** The commit that is to be merged. */
  readHead(pullRequest: number): Promise<string>;
  /** Which lines the diff of a pull request shows; GitHub lists 3,000 files at most. */
  readShownLines(pullRequest: number): Promise<ShownLines>;
  /** The same with what the lines say, by file and number. */
  readDiffLines(pullRequest: number): Promise<ReadonlyMap<string, ReadonlyMap<number, string>>>;
  /** All pages, oldest first. */
  listReviewComments(pullRequest: number): Promise<readonly ReviewComment[]>;
  createReviewComment(
    pullRequest: number,
    comment: { readonly commit: string; readonly path: string; readonly line: number; readonly body: string },
  ): Promise<void>;
  deleteReviewComment(id: number): Promise<void>;
  createCheckRun(checkRun: {
    readonly name: string;
    readonly commit: string;
    readonly conclusion: 'success' | 'failure';
    readonly detailsUrl: string;
    readonly output: CheckRunOutput;
  }): Promise<number>;
  /** GitHub adds the annotations to those that are there. */
  addToCheckRun(id: number, output: CheckRunOutput): Promise<void>;
}
