/** Who speaks to the double: each token has an account and what it may do, as GitHub gives it. */

export interface Account {
  readonly id: number;
  readonly login: string;
  readonly type: 'Bot' | 'User';
}

export type Permission = 'read' | 'write';

export interface Token {
  readonly account: Account;
  readonly pullRequests: Permission;
  readonly checks: Permission;
  readonly issues?: Permission;
  /** Tokens of workflows and apps may write check runs, and may not ask `GET /user`. */
  readonly isOfApp: boolean;
}

export const workflowBot: Account = { id: 41898282, login: 'github-actions[bot]', type: 'Bot' };
export const appBot: Account = { id: 278716306, login: 'schema-app[bot]', type: 'Bot' };
export const maintainer: Account = { id: 1001, login: 'maintainer', type: 'User' };
export const stranger: Account = { id: 6660001, login: 'mallory', type: 'User' };

/** By the token's text. */
export const tokens: Readonly<Record<string, Token>> = {
  'ghs-workflow-0001': {
    account: workflowBot,
    pullRequests: 'write',
    checks: 'write',
    issues: 'write',
    isOfApp: true,
  },
  'ghs-only-comments-0002': { account: workflowBot, pullRequests: 'write', checks: 'read', isOfApp: true },
  'ghs-read-only-0003': { account: workflowBot, pullRequests: 'read', checks: 'read', isOfApp: true },
  'ghs-app-0004': { account: appBot, pullRequests: 'write', checks: 'write', isOfApp: true },
  'ghp-personal-0005': { account: maintainer, pullRequests: 'write', checks: 'write', isOfApp: false },
};
