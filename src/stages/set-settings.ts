/** The bundle's settings → `schema_fix.NAME` in the open transaction, where sections read them. */
import { renderSettingValue } from '../bundle/choose-settings.js';
import type { Session } from '../database/with-session.js';
import type { Bundle } from '../model.js';

export async function setSettings(session: Session, { settings }: Pick<Bundle, 'settings'>): Promise<void> {
  await session.query(
    `select pg_catalog.set_config('schema_fix.' || name, value, true)
    from unnest($1::text[], $2::text[]) as setting (name, value)`,
    [settings.map(({ name }) => name), settings.map(renderSettingValue)],
  );
}
