/** A folder of Postgres programs that can be run here. */
export interface Binaries {
  /** Holds `initdb` and `postgres`. */
  readonly folder: string;
  readonly major: number;
  readonly version: string;
}
