/** A database → the statements that make another like it, for whoever builds a state. */
import { type Live, withLive } from '../copying/open-live.js';
import { planSchema, withKnownPrivileges } from '../copying/plan-schema.js';
import { quoteIdentifier } from '../database/quote.js';
import type { Session } from '../database/with-session.js';
import { isHostRole } from '../loading/host.js';
import type { ConnectionSettings } from '../postgres/connection.js';

export interface Schema {
  readonly early: readonly string[];
  readonly late: readonly string[];
  /** The statements that fill materialized views, in the order in which they can be filled. */
  readonly refreshes: readonly string[];
  /** What is there and is not written. */
  readonly missing: readonly string[];
}

/** Each object's privileges are said in full, and so are those by default, at the end. */
const nothingByDefault = ['tables', 'sequences', 'functions'].map(
  (kind) =>
    `alter default privileges in schema public revoke all on ${kind} from anon, authenticated, service_role`,
);

const ofAnybody = /^alter default privileges for role /i;

/** What an extension says of itself when it is made, for whoever owns it to say. */
const saysExtension = /^comment on extension\b/i;

/** `empty` is a session of a superuser's to a database with the platform in it and nothing else. */
export function readSchema(
  connection: ConnectionSettings,
  empty: Session,
  {
    isSupabase,
    loadedBy,
    deployer,
    signal,
  }: {
    readonly isSupabase: boolean;
    /** The role whose part the deployer has in the state. */
    readonly loadedBy: string;
    readonly deployer: string;
    readonly signal: AbortSignal;
  },
): Promise<Schema> {
  const use = { setting: 'before', otherwise: 'give a dump' };
  return withLive(
    connection,
    signal,
    async (live: Live) => {
      const ofLoader = `alter default privileges for role ${quoteIdentifier(loadedBy).replace(/^"([a-z_]+)"$/, '$1')} `;
      const isKnown = (role: string) =>
        isHostRole(role) || (!isSupabase && ['app_owner', 'app_user'].includes(role));
      const { early, late, refreshes, missing } = await planSchema(live, empty, {
        isSupabase,
        isHostRole: isKnown,
      });
      // Of others only they may say what is granted by default, and the platform does.
      const isOthers = (text: string) => isSupabase && !text.startsWith(ofLoader) && ofAnybody.test(text);
      const ofDeployer = (text: string) =>
        text.startsWith(ofLoader)
          ? text.replace(ofLoader, `alter default privileges for role ${deployer} `)
          : text;
      return {
        early: [
          ...(isSupabase ? nothingByDefault : []),
          ...early.filter((text) => !saysExtension.test(text)),
        ],
        // A bundle is rehearsed on every major.
        late: late
          .filter((text) => !isOthers(text) && !saysExtension.test(text))
          .map(ofDeployer)
          .flatMap((text) => withKnownPrivileges(text, false)),
        refreshes,
        // The platform of the bundle grants the roles of the project to the deployer.
        missing: missing
          .filter(
            ({ what }) =>
              ![loadedBy, deployer].some((role) => what.startsWith(`that the role ${role} is a member of `)),
          )
          .map(({ what, why }) => `${what}: ${why}`),
      };
    },
    use,
  );
}
