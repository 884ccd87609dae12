/** A legacy database → the state that builds it, as a bundle's own states are written. */
import type { State } from '../../../src/model.js';
import type { LegacyDatabase } from './legacy-database.js';
import { renderKeys } from './render-keys.js';
import { renderRows } from './render-rows.js';
import { renderRoomsView, renderTables } from './render-tables.js';
import { ownedByAnother, tablesOf } from './surrounding-rights.js';
import { surroundings } from './surroundings.js';

export function renderState(database: LegacyDatabase, name: string): State {
  return {
    name,
    title: 'A legacy database that was drawn at random',
    platform: database.platform,
    deployer: database.deployer,
    expectation: database.surroundings.includes(ownedByAnother)
      ? { kind: 'refuse', sqlstate: '42501' }
      : { kind: 'pass' },
    quarantine: null,
    settings: [],
    files: [{ path: `${name}.sql`, text: renderSql(database) }],
    before: [],
  };
}

export function renderSql(database: LegacyDatabase): string {
  const chosen = surroundings.filter(({ name }) => database.surroundings.includes(name));
  return [
    '--! Title: A legacy database that was drawn at random',
    `--! Platform: ${database.platform}`,
    `--! Deployer: ${database.deployer}`,
    ...(database.surroundings.includes(ownedByAnother) ? ['--! Expect: refuse 42501'] : []),
    '',
    ...renderTables(database),
    ...renderRoomsView(database),
    ...renderRows(database),
    ...renderKeys(database),
    ...grants(database),
    ...chosen.map(({ name, sql }) => `-- ${name}\n${sql(database)}`),
    '',
  ].join('\n');
}

/** Where nothing is granted automatically, what the application needs was granted by hand. */
function grants(database: LegacyDatabase): string[] {
  if (database.platform === 'supabase') return [];
  const views = /view$/.test(database.layout) ? [`public.${database.layout.split(' ')[0]}`] : [];
  const targets = [...tablesOf(database), ...views].join(', ');
  return [`grant select, insert, update, delete on ${targets} to authenticated, service_role;`];
}
