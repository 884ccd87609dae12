/** The account that a server is run as: Postgres refuses to run as root. */
import { readFileSync } from 'node:fs';

export interface ServerAccount {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Accounts that own nothing: `postgres` may own the data of a server that is in production on this machine. */
const PREFERRED = ['nobody', 'daemon'];

/** null: this process is not root, and a server is run as whoever runs it. Throws where no other account exists. */
export function findServerAccount(): ServerAccount | null {
  if (process.getuid?.() !== 0) return null;
  return chooseServerAccount(readFileSync('/etc/passwd', 'utf8'));
}

/** Postgres needs an account with an entry in the password file. */
export function chooseServerAccount(passwordFile: string): ServerAccount {
  const accounts = passwordFile.split('\n').map(parseAccount);
  for (const name of PREFERRED) {
    const account = accounts.find((candidate) => candidate?.name === name && candidate.uid > 0);
    if (account) return account;
  }
  throw new Error(
    `Postgres refuses to run as root, and there is no account ${PREFERRED.join(', ')} to run it as`,
  );
}

function parseAccount(line: string): ServerAccount | null {
  const [name, , uid, gid] = line.split(':');
  if (!name || uid === undefined || gid === undefined) return null;
  return { name, uid: Number(uid), gid: Number(gid) };
}
