/** Takes a report and gives JUnit XML: a suite for each database, a case for each thing that could have failed. */
import junit, { type Builder, type TestSuite } from 'junit-report-builder';
import type { Report, SubjectResult } from '../model.js';
import { makeVisible } from './escape.js';
import { failureText } from './failure-text.js';
import { type Case, subjectCases } from './subject-cases.js';

/** Its types speak of `export default`; what Node imports is the builder itself. */
const emptyBuilder = junit as unknown as Builder;

/** It splits the first `]]>` of a text alone, and the second would end the section: this no text holds that was made visible. */
const heldApart = ']]\u2060>';

export function renderJunit(report: Report): string {
  const builder = emptyBuilder.newBuilder().name(makeVisible(report.bundle.title));
  // JUnit knows neither zones nor fractions of a second.
  const startedAt = report.startedAt.slice(0, 19);
  for (const subject of report.subjects) {
    const suite = builder.testSuite().name(makeVisible(subject.name));
    suite.timestamp(startedAt).time(subject.milliseconds / 1000);
    for (const one of subjectCases(subject, report.sections.isWholeFix)) addCase(suite, subject, one);
  }
  if (report.reasons.length > 0) {
    const suite = builder.testSuite().name('The run as a whole').timestamp(startedAt);
    for (const reason of report.reasons.map(makeVisible)) {
      suite.testCase().className('run').name(reason).failure(reason);
    }
  }
  return `${builder.build().replaceAll(heldApart, ']]]]><![CDATA[>')}\n`;
}

function addCase(suite: TestSuite, subject: SubjectResult, one: Case): void {
  const testCase = suite.testCase().className(makeVisible(subject.name)).name(makeVisible(one.title));
  if (one.path !== null) testCase.file(makeVisible(one.path));
  if (one.milliseconds !== null) testCase.time(one.milliseconds / 1000);
  if (one.failures.length > 0) {
    const text = one.failures.map(failureText).join('\n\n');
    testCase.failure(text.split('\n', 1)[0]).stacktrace(text.replaceAll(']]>', heldApart));
  } else if (one.outcome === 'skipped') {
    testCase.skipped();
  }
}
