/** What somebody set, `NAME=VALUE` → the bundle's settings with those values, or one UserError with every mistake. */
import { UserError } from '../errors.js';
import type { Bundle, BundleSetting, BundleSettingType, GivenSetting, State } from '../model.js';

/** A list takes each value that is given as one more item; any other setting is given once. */
export function chooseSettings(
  settings: readonly BundleSetting[],
  given: readonly GivenSetting[],
): BundleSetting[] {
  const problems = findSettingProblems(settings, given);
  if (problems.length > 0) throw new UserError(problems.map((line) => `settings: ${line}`).join('\n'));
  return settings.map((setting) => {
    const values = valuesOf(given, setting.name);
    const [first] = values;
    if (first === undefined) return setting;
    return { ...setting, value: setting.type === 'list' ? values : first, isGiven: true };
  });
}

/** The bundle as the state's user applies it: a list has what was given for every state, too; of anything else that alone stands. */
export function withSettingsOf(bundle: Bundle, state: Pick<State, 'settings'>): Bundle {
  const own = chooseSettings(bundle.settings, state.settings);
  const settings = bundle.settings.map((setting, index) => {
    const { value, isGiven } = own[index] ?? setting;
    if (!setting.isGiven) return { ...setting, value, isGiven };
    const isList = Array.isArray(setting.value) && Array.isArray(value) && value !== setting.value;
    return isList ? { ...setting, value: [...new Set([...setting.value, ...value])] } : setting;
  });
  return { ...bundle, settings };
}

export function findSettingProblems(
  settings: readonly BundleSetting[],
  given: readonly GivenSetting[],
): string[] {
  return [...new Set(given.map(({ name }) => name))].flatMap((name) =>
    findProblems(settings, name, valuesOf(given, name)),
  );
}

/**
 * The text that `current_setting` gives: a list is an array literal, to be cast to `text[]`. Every item is quoted, so
 * that no item is taken for null or for two.
 */
export function renderSettingValue({ value }: Pick<BundleSetting, 'value'>): string {
  if (typeof value === 'string') return value;
  return `{${value.map((item) => `"${item.replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

function valuesOf(given: readonly GivenSetting[], wanted: string): string[] {
  return given.filter(({ name }) => name === wanted).map(({ value }) => value);
}

function findProblems(
  settings: readonly BundleSetting[],
  name: string,
  values: readonly string[],
): readonly string[] {
  const setting = settings.find((known) => known.name === name);
  if (setting === undefined) {
    const known = settings.map((other) => other.name).join(', ');
    return [
      `there is no setting "${name}" in this bundle. ${known === '' ? 'It has none.' : `It has ${known}.`}`,
    ];
  }
  if (setting.type !== 'list' && values.length > 1)
    return [`${name} is given ${values.length} times. Give it once.`];
  return values
    .filter((value) => !shapes[setting.type].pattern.test(value))
    .map((value) => `${name}: "${value}" is not ${shapes[setting.type].name}.`);
}

/** Postgres keeps no zero byte. */
const shapes: Readonly<Record<BundleSettingType, { readonly name: string; readonly pattern: RegExp }>> = {
  text: { name: 'text without a zero byte', pattern: /^[^\0]*$/ },
  integer: { name: 'a whole number of at most 18 digits', pattern: /^-?\d{1,18}$/ },
  boolean: { name: 'true or false', pattern: /^(true|false)$/ },
  list: { name: 'an item: an item is not empty', pattern: /^[^\0]+$/ },
};
