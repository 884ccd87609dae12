/** A state file → a starting database, with every mistake added to `problems`. */
import type { BundleSetting, GivenSetting, State, StateExpectation } from '../model.js';
import { findSettingProblems } from './choose-settings.js';
import type { NumberedFile } from './list-sql-files.js';
import { type Header, indexHeaders, readHeaders, titleOf } from './read-headers.js';

const keys = ['Title', 'Platform', 'Deployer', 'Expect', 'Quarantine', 'Set'];

/** `declared` are the bundle's settings, or null where they could not be read. */
export function readState(
  { name, file }: NumberedFile,
  declared: readonly BundleSetting[] | null,
  problems: string[],
): State {
  const all = readHeaders(file, problems);
  // The one header that comes as often as there is something to set.
  const isSet = ({ key }: Header) => key === 'Set';
  const headers = indexHeaders(
    file,
    all.filter((header) => !isSet(header)),
    keys,
    problems,
  );
  const title = titleOf(file, headers, problems);

  const expected = headers.get('Expect');
  const expectation = parseExpectation(expected?.value ?? 'pass');
  if (expectation === null) {
    problems.push(
      `${file.path}:${expected?.line}: "Expect: ${expected?.value}" is neither pass nor refuse SQLSTATE.`,
    );
  }
  const quarantine = headers.get('Quarantine');
  if (quarantine && !/^\d+$/.test(quarantine.value)) {
    problems.push(
      `${file.path}:${quarantine.line}: "Quarantine: ${quarantine.value}" is not a number of rows.`,
    );
  }
  const settings = all.filter(isSet).flatMap(({ value, line }) => {
    const setting = parseSetting(value);
    if (setting === null) problems.push(`${file.path}:${line}: "Set: ${value}" is not NAME=VALUE.`);
    return setting === null ? [] : [setting];
  });
  const wrong = declared === null ? [] : findSettingProblems(declared, settings);
  problems.push(...wrong.map((problem) => `${file.path}: Set: ${problem}`));
  return {
    name,
    title,
    platform: headers.get('Platform')?.value ?? null,
    deployer: headers.get('Deployer')?.value ?? null,
    expectation: expectation ?? { kind: 'pass' },
    quarantine: quarantine ? Number(quarantine.value) : null,
    settings,
    files: [file],
    before: [],
  };
}

function parseExpectation(text: string): StateExpectation | null {
  if (text === 'pass') return { kind: 'pass' };
  const refuse = /^refuse ([0-9A-Z]{5})$/.exec(text);
  return refuse?.[1] ? { kind: 'refuse', sqlstate: refuse[1] } : null;
}

function parseSetting(text: string): GivenSetting | null {
  const [, name, value] = /^([^=\s]+)=(.*)$/.exec(text) ?? [];
  return name === undefined || value === undefined ? null : { name, value };
}
