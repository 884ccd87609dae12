/** The name of one of the engine's own queries → its text, from `sql/engine/`. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { getActionRoot } from '../action-root.js';

export type EngineQuery =
  | 'access_accounts'
  | 'access_functions'
  | 'access_grants'
  | 'access_relations'
  | 'access_roles'
  | 'access_triggers'
  | 'access_views'
  | 'account_keys'
  | 'call_graph'
  | 'callable_functions'
  | 'catalog'
  | 'computed'
  | 'change_times'
  | 'changeable_columns'
  | 'default_grants'
  | 'default_privileges'
  | 'drop_prelude'
  | 'event_triggers'
  | 'functions'
  | 'history_doors'
  | 'large_objects'
  | 'lock_holders'
  | 'locks'
  | 'make_attempts'
  | 'make_history'
  | 'make_host'
  | 'make_prelude'
  | 'names'
  | 'numbered_columns'
  | 'objects'
  | 'offered'
  | 'other_writers'
  | 'own_rows'
  | 'past_policies'
  | 'preservation'
  | 'quarantine_doors'
  | 'reach_of_roles'
  | 'refusing'
  | 'rows_written'
  | 'role_rights'
  | 'seal'
  | 'sequences'
  | 'server_writes'
  | 'shapes'
  | 'sizes'
  | 'statistics'
  | 'tables'
  | 'target_state'
  | 'temporary_dependents'
  | 'temporary_objects'
  | 'uses'
  | 'writable_columns';

const texts = new Map<EngineQuery, string>();

export function engineSql(name: EngineQuery): string {
  const known = texts.get(name);
  if (known !== undefined) return known;
  const text = readFileSync(path.join(getActionRoot(), 'sql', 'engine', `${name}.sql`), 'utf8');
  texts.set(name, text);
  return text;
}
