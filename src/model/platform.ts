/** What the hosting adds to Postgres, and what stands in for its extensions. */
import type { SqlFile } from './sql.js';

export interface Platform {
  readonly name: string;
  /** Its own files last, those of the platforms that it needs before them. */
  readonly files: readonly PlatformFile[];
  /** Who owns a project's database there. The first that is no superuser on the server deploys what `before` gives. */
  readonly deployers: readonly string[];
  /** What stands for extensions that a server has not, by the extension's name. */
  readonly standIns: readonly StandIn[];
}

/** `engine`: ships with us. Whatever else there is may be written by the author of a pull request. */
export type Origin = 'engine' | 'bundle';

export interface PlatformFile extends SqlFile {
  readonly origin: Origin;
}

export interface StandIn {
  readonly extension: string;
  readonly origin: Origin;
  /** What it does, and what it does not. */
  readonly title: string;
  /** Written as an extension's script: `@extschema@` is the schema that it is made in. */
  readonly file: SqlFile;
}
