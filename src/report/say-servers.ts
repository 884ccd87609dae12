/** Takes the servers of a report and gives them as people read them: `Postgres 14.23 and 17.10 (embedded)`. */
import type { Report } from '../model.js';
import { listed } from './words.js';

export function sayServers(postgres: Report['postgres']): string {
  const sources = [...new Set(postgres.map(({ source }) => source))];
  const parts = sources.map((source) => {
    const versions = postgres.filter((server) => server.source === source).map(({ version }) => version);
    return `${listed([...new Set(versions)])} (${source})`;
  });
  return `Postgres ${parts.join(', ')}`;
}
