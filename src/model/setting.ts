/** What the user of a fix may decide. */

export type BundleSettingType = 'text' | 'integer' | 'boolean' | 'list';

/** What somebody set: one value, or one item of a list. */
export interface GivenSetting {
  readonly name: string;
  readonly value: string;
}

/** What the user may decide about a fix: sections read it as `current_setting('schema_fix.NAME')`. */
export interface BundleSetting {
  readonly name: string;
  readonly type: BundleSettingType;
  readonly description: string;
  /** One text, or for a list its items. The default, until `chooseSettings` puts in what was given. */
  readonly value: string | readonly string[];
  /** Whether somebody gave it. */
  readonly isGiven: boolean;
}
