/** Takes what a call to GitHub threw; gives one sentence with the remedy. A delivery that failed never fails the job. */

export interface Attempt {
  /** `The comment`, at the beginning of the sentence. */
  readonly what: string;
  /** The permission that the workflow must give, `pull-requests: write`. */
  readonly permission: string;
  /** GitHub gives the runs of forks a token that cannot write, whatever the workflow says. */
  readonly isFromFork: boolean;
}

export function describeRefusal(error: unknown, attempt: Attempt): string {
  const status = readStatus(error);
  const said = `GitHub answered ${status}: ${firstLine(error)}`;
  return `${attempt.what} could not be written. ${remedy(error, status, said, attempt)}`;
}

function remedy(error: unknown, status: number | null, said: string, attempt: Attempt): string {
  if (status === null || isWithoutAnswer(error)) {
    return `GitHub could not be reached (${firstLine(error)}). Check the network and the proxy of the runner.`;
  }
  if (status === 429 || /rate limit/i.test(firstLine(error))) {
    return `${said} It was tried again as often as is polite; run the job again later.`;
  }
  if (status >= 500) {
    return `${said} It was tried three times; run the job again later.`;
  }
  switch (status) {
    case 401:
      return `${said} Check \`github-token\`: it may have expired.`;
    case 403:
      return attempt.isFromFork
        ? `${said} The token of a fork's run can only read; a \`workflow_run\` workflow can write it instead (docs/forks.md).`
        : `${said} Add \`permissions: ${attempt.permission}\` to the job.`;
    case 404:
      return `${said} Check that \`github-token\` may see this repository, and add \`permissions: ${attempt.permission}\` to the job.`;
    default:
      return `${said} The whole report is in the job summary.`;
  }
}

function readStatus(error: unknown): number | null {
  return hasProperty(error, 'status') && typeof error.status === 'number' ? error.status : null;
}

/** Octokit gives status 500 to a request that never got an answer. */
function isWithoutAnswer(error: unknown): boolean {
  return !hasProperty(error, 'response') || error.response === undefined;
}

/** What GitHub says of itself may be long, and an HTML page when a proxy says it; it goes into markdown. */
function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const [line = ''] = message.replace(/[<>`]/g, ' ').trim().split(/\r?\n/, 1);
  const short = line.length > 200 ? `${line.slice(0, 199)}…` : line;
  return /[.!?…]$/.test(short) ? short : `${short}.`;
}

function hasProperty<Name extends string>(value: unknown, name: Name): value is Record<Name, unknown> {
  return typeof value === 'object' && value !== null && name in value;
}
