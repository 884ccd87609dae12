/** Inputs that several commands read: which fix, how long it may wait, and where its report goes. */
import type { InputReader } from './input-reader.js';
import type { ApplySettings, FixSettings, ReportFiles } from './settings.js';

export function parseApply(inputs: InputReader): ApplySettings {
  return { ...parseFix(inputs), files: parseFiles(inputs) };
}

export function parseFix(inputs: InputReader): FixSettings {
  const sections = inputs.list('sections');
  for (const section of sections) {
    if (!/^\d{1,3}$/.test(section)) {
      inputs.problem('sections', `"${section}" is not the number of a section. Write 5, 8`);
    }
  }
  return {
    bundle: inputs.text('bundle'),
    sections: sections.length > 0 ? sections.map(Number) : null,
    given: parseGiven(inputs),
    ...parseLimits(inputs),
  };
}

export function parseLimits(inputs: InputReader): Pick<FixSettings, 'lockTimeout' | 'statementTimeout'> {
  return {
    lockTimeout: inputs.wholeNumber('lock-timeout', { from: 1, to: 600_000 }) ?? 0,
    statementTimeout: inputs.wholeNumber('statement-timeout', { from: 1, to: 86_400_000 }) ?? 0,
  };
}

/** `NAME=VALUE`; a value may hold anything but a line end, `=` too. Whether there is such a setting the bundle says. */
function parseGiven(inputs: InputReader): FixSettings['given'] {
  return inputs.lines('settings').flatMap((line) => {
    const [, name, value] = /^([^=\s]+)=(.*)$/s.exec(line) ?? [];
    if (name !== undefined && value !== undefined) return [{ name, value }];
    inputs.problem('settings', `"${line}" is not a setting. Write NAME=VALUE`);
    return [];
  });
}

export function parseFiles(inputs: InputReader): ReportFiles {
  return {
    json: inputs.text('json'),
    markdown: inputs.text('markdown'),
    html: inputs.text('html'),
    junit: inputs.text('junit'),
  };
}

/** A moment with its zone: without one it would be another on the runner than at home. */
export function parseMoment(inputs: InputReader, name: string): Date | null {
  const text = inputs.text(name);
  if (text === null) return null;
  const isWhole = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const moment = new Date(text);
  if (isWhole && !Number.isNaN(moment.getTime())) return moment;
  inputs.problem(
    name,
    `"${text}" is not a moment with its zone. Write 2026-11-30T02:00Z or 2026-11-30T03:00+01:00`,
  );
  return null;
}
