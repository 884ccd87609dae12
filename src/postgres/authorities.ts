/** The certificates that a server is verified against: files of the user's, libpq's own places, or Supabase's. */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { getActionRoot } from '../action-root.js';
import { UserError } from '../errors.js';

/** Those of the file alone, as in libpq. `settingName` is what messages call the address. */
export function readAuthorities(file: string, settingName: string): string {
  const text = readText(file, settingName);
  // Node takes no text for no choice, and would trust every public authority.
  if (/-----BEGIN (X509 |TRUSTED )?CERTIFICATE-----/.test(text)) return text;
  throw new UserError(
    `${settingName}: ${file} holds no certificate that begins with -----BEGIN CERTIFICATE-----, so that nobody would be trusted. Give the file of the certificates to trust; openssl x509 -inform der -in FILE writes a binary one so.`,
  );
}

export function readSupabaseAuthorities(settingName: string): string {
  return readAuthorities(path.join(getActionRoot(), 'certificates', 'supabase.pem'), settingName);
}

/** Node reads one list of each text, and of a file with several only the first. */
export function readRevoked(file: string, settingName: string): string[] {
  const lists = readText(file, settingName).match(/-----BEGIN X509 CRL-----.*?-----END X509 CRL-----/gs);
  if (lists !== null) return lists;
  throw new UserError(
    `${settingName}: ${file} holds no list of revoked certificates that begins with -----BEGIN X509 CRL-----; openssl crl -inform der -in FILE writes a binary one so.`,
  );
}

/** The file of that name among those that libpq reads unless told otherwise; null: there is none. */
export function findOfLibpq(name: 'root.crt' | 'root.crl'): string | null {
  const folder =
    process.platform === 'win32'
      ? path.join(process.env.APPDATA ?? homedir(), 'postgresql')
      : path.join(process.env.HOME || homedir(), '.postgresql');
  const file = path.join(folder, name);
  return existsSync(file) ? file : null;
}

function readText(file: string, settingName: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error: unknown) {
    throw new UserError(
      `${settingName}: the certificates in ${file} cannot be read: ${(error as Error).message}`,
      { cause: error },
    );
  }
}
