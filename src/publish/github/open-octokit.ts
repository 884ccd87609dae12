/** Takes a token and an address; gives GitHub's own client, which tries again and waits as politely as GitHub asks. */
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';

export interface ClientSettings {
  readonly token: string;
  readonly apiUrl: string;
  /** Ends every request: publishing never keeps a job waiting for long. */
  readonly signal: AbortSignal;
  /** Told when GitHub asks to wait. */
  readonly log: (text: string) => void;
}

const retriesAfterServerError = 2;
const retriesAfterRateLimit = 2;
const longestWaitSeconds = 60;

export async function openOctokit({ token, apiUrl, signal, log }: ClientSettings) {
  // Importing this reads and parses the event file, and dies if that is malformed: so not before it was looked at.
  const { GitHub, defaults, getOctokitOptions } = await import(
    /* webpackMode: "eager" */ '@actions/github/lib/utils'
  );
  const waits = (seconds: number, retryCount: number): boolean => {
    const isWorthWaiting = seconds <= longestWaitSeconds && retryCount < retriesAfterRateLimit;
    log(`GitHub asks to wait for ${seconds} s: ${isWorthWaiting ? 'trying again then' : 'giving up'}.`);
    return isWorthWaiting;
  };
  const Octokit = GitHub.plugin(retry, throttling);
  return new Octokit(
    getOctokitOptions(token, {
      baseUrl: apiUrl,
      request: { ...defaults.request, signal },
      log: { debug: log, info: log, warn: log, error: log },
      // 429 is left to the throttling, which heeds `retry-after`; both together would multiply the tries.
      retry: { retries: retriesAfterServerError, doNotRetry: [400, 401, 403, 404, 410, 422, 429, 451] },
      throttle: {
        onRateLimit: (seconds: number, _options: unknown, _octokit: unknown, retryCount: number) =>
          waits(seconds, retryCount),
        onSecondaryRateLimit: (seconds: number, _options: unknown, _octokit: unknown, retryCount: number) =>
          waits(seconds, retryCount),
      },
    }),
  );
}
