/** A database → the statements that make another like it, tried on one as whoever builds a state. */
import { type Live, withLive } from '../copying/open-live.js';
import { planSchema } from '../copying/plan-schema.js';
import { isDatabaseError } from '../database/database-error.js';
import type { Session } from '../database/with-session.js';
import { isHostRole } from '../loading/host.js';
import type { ConnectionSettings } from '../postgres/connection.js';

export interface Schema {
  readonly early: readonly string[];
  readonly late: readonly string[];
  /** What is there and is not written. */
  readonly missing: readonly string[];
}

/** Each object's privileges are said in full, and so are those by default, at the end. */
const nothingByDefault = ['tables', 'sequences', 'functions'].map(
  (kind) =>
    `alter default privileges in schema public revoke all on ${kind} from anon, authenticated, service_role`,
);

/** Before 17 there is no privilege to maintain a table. */
function forEveryMajor(statement: string): string {
  if (!/^(grant|alter default privileges)\b/i.test(statement)) return statement;
  return statement.replace(/\bmaintain, |, maintain\b(?= on\b)/i, '');
}

/** `empty` is a session of a superuser's to a database with the platform in it and nothing else. */
export function readSchema(
  connection: ConnectionSettings,
  empty: Session,
  { isSupabase, signal }: { readonly isSupabase: boolean; readonly signal: AbortSignal },
): Promise<Schema> {
  const use = { setting: 'before', otherwise: 'give a dump' };
  return withLive(
    connection,
    signal,
    async (live: Live) => {
      const isKnown = (role: string) => isHostRole(role) || role === 'app_owner' || role === 'app_user';
      const { early, late, missing } = await planSchema(live, empty, { isSupabase, isHostRole: isKnown });
      // Of others only they may say what is granted by default, and the platform does.
      const isOthers = (text: string) =>
        isSupabase && /^alter default privileges for role (?!supabase_owner )/i.test(text);
      return {
        early: [...(isSupabase ? nothingByDefault : []), ...early],
        late: late.filter((text) => !isOthers(text)).map(forEveryMajor),
        missing: missing.map(({ what, why }) => `${what}: ${why}`),
      };
    },
    use,
  );
}

/** In an open transaction. What is refused is left out, and said. */
export async function tryStatements(
  session: Session,
  statements: readonly string[],
): Promise<{ readonly kept: string[]; readonly refused: string[] }> {
  const kept: string[] = [];
  const refused: string[] = [];
  for (const statement of statements) {
    await session.query('savepoint tried');
    try {
      await session.query(statement);
      await session.query('release tried');
      kept.push(statement);
    } catch (error: unknown) {
      if (!isDatabaseError(error)) throw error;
      await session.query('rollback to savepoint tried');
      refused.push(`${statement.split('\n')[0]?.slice(0, 120)}: ${error.message}`);
    }
  }
  return { kept, refused };
}
