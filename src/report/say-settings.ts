/** The settings of a fix, one a line and each item of a list too: `acknowledge = …`, `limit = 5 (default)`. */
import type { Report } from '../model.js';

export interface SaidSetting {
  readonly name: string;
  readonly value: string;
  /** What is to be said behind it, or nothing. */
  readonly remark: string;
}

export function saySettings({ settings }: Pick<Report, 'settings'>): SaidSetting[] {
  return settings.flatMap(({ name, value, isGiven }) => {
    const remark = isGiven ? '' : 'default';
    if (typeof value === 'string') return [{ name, value, remark }];
    if (value.length === 0) return [{ name, value: '', remark: isGiven ? '' : 'default: none' }];
    return value.map((item) => ({ name, value: item, remark }));
  });
}
