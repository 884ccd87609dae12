/** The environment of a run → why no artifact can be sent from it, as the end of a sentence; null: one can. */

export function findArtifactObstacle(
  readVariable: (name: string) => string | null | undefined,
): string | null {
  if (isEnterpriseServer(readVariable('GITHUB_SERVER_URL') ?? 'https://github.com'))
    return 'GitHub Enterprise Server takes none from an action';
  return readVariable('ACTIONS_RUNTIME_TOKEN') && readVariable('ACTIONS_RESULTS_URL')
    ? null
    : 'this runner gives no token for artifacts (ACTIONS_RUNTIME_TOKEN, ACTIONS_RESULTS_URL)';
}

/** As GitHub's own library tells it. */
function isEnterpriseServer(server: string): boolean {
  const host = URL.canParse(server) ? new URL(server).hostname.toLowerCase() : '';
  return host !== 'github.com' && !host.endsWith('.ghe.com') && !host.endsWith('.localhost');
}
