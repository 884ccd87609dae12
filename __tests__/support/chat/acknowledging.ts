/** A bundle whose setting acknowledge has these names, as `--set acknowledge=NAME` gives it. */
import type { Bundle } from '../../../src/model.js';

export function acknowledging(bundle: Bundle, names: readonly string[]): Bundle {
  const settings = bundle.settings.map((setting) =>
    setting.name === 'acknowledge' ? { ...setting, value: names } : setting,
  );
  return { ...bundle, settings };
}
