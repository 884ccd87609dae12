/** What the name of a host says: whether it is this machine, and which project of Supabase it leads to. */
import { BlockList, isIP } from 'node:net';
import type { ConnectionSettings } from './connection.js';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

/** A socket, `localhost`, or a loopback address. Nobody listens in between; any other name may lead anywhere. */
export function isThisMachine(host: string): boolean {
  if (host.startsWith('/') || host.toLowerCase() === 'localhost') return true;
  const family = isIP(host);
  return family !== 0 && loopback.check(host, family === 6 ? 'ipv6' : 'ipv4');
}

export function isSupabase(host: string): boolean {
  return /\.supabase\.(co|com|red)$/.test(canonical(host));
}

/** As users of Supabase's poolers bear the project. Its name is 20 letters. */
const projectOfUser = /\.([a-z]{20})$/;

/**
 * The project's reference: in the name of the direct host, in that of the user behind a pooler. `unknown`: there is one, and
 * neither says which. null: the host is not Supabase's, whatever its users are called.
 */
export function projectOf({ host, user }: Pick<ConnectionSettings, 'host' | 'user'>): string | null {
  if (!isSupabase(host)) return null;
  const direct = /^db\.([a-z0-9]+)\.supabase\.(co|com|red)$/.exec(canonical(host))?.[1];
  return direct ?? projectOfUser.exec(user)?.[1] ?? 'unknown';
}

/** Names of hosts know no case, and may end with the root's dot. */
function canonical(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}
