/** Builders of whole reports; verdict and tallies come from the real buildReport, so that a fixture cannot contradict itself. */
import type { Report, SubjectResult } from '../../src/model.js';
import { buildReport, type ReportInput } from '../../src/report/build-report.js';
import { buildSubject } from './build-results.js';

const sections = Array.from({ length: 12 }, (_, index) => ({
  number: index + 1,
  title: `Section ${index + 1}`,
  needs: [],
  file: { path: `sections/${index + 1}.sql`, text: '' },
  parts: [],
}));

export function buildReportInput(overrides: Partial<ReportInput> = {}): ReportInput {
  const subjects = overrides.subjects ?? [buildSubject()];
  return {
    command: 'rehearse',
    bundle: {
      title: 'Comprehensive chat schema fix',
      folder: '/repository/sql/bundles/chat-schema-fix',
      digest: '5f0e'.repeat(16),
      sections,
      settings: [],
    },
    choice: { sections, added: [] },
    postgres: { version: '17.10', source: 'embedded' },
    shard: null,
    plan: {
      subjects: subjects.length,
      checks: sum(subjects, ({ checks, refusal }) => (refusal.outcome === 'skipped' ? checks.length : 0)),
      scenarios: sum(subjects, ({ refusal }) => (refusal.outcome === 'skipped' ? 2 : 0)),
    },
    controls:
      overrides.command === 'deploy'
        ? { planned: 0, executed: 0, blind: [] }
        : { planned: 26, executed: 26, blind: [] },
    unseen: [],
    subjects,
    startedAt: new Date('2026-11-22T09:30:00Z'),
    milliseconds: 12_340,
    ...overrides,
  };
}

export function aReport(overrides: Partial<ReportInput> = {}): Report {
  return buildReport(buildReportInput(overrides));
}

function sum(subjects: readonly SubjectResult[], of: (subject: SubjectResult) => number): number {
  return subjects.reduce((total, subject) => total + of(subject), 0);
}
