import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import type { Report } from '../../../src/model.js';
import { renderJson } from '../../../src/report/render-json.js';
import { renderReportSchema, type reportSchema } from '../../../src/report/report-schema.js';
import { aReport } from '../../support/build-report.js';
import {
  allPass,
  deployed,
  leftOut,
  oneFailedCheck,
  sqlError,
  tooLong,
} from '../../support/sample-reports.js';

type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;
type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : false) : false;

/** Does not compile when a field of the report is missing in its schema, is one too many, or is of another type. */
const isSchemaOfReport: Same<DeepReadonly<z.output<typeof reportSchema>>, DeepReadonly<Report>> = true;

describe('renderJson', () => {
  it.each([
    ['all passed', allPass],
    ['a check failed', oneFailedCheck],
    ['a section failed', sqlError],
    ['there is much to say', tooLong],
    ['it is a deployment', deployed],
    ['something was left out', leftOut],
  ])('loses nothing where %s', (_, sample) => {
    expect(isSchemaOfReport).toBe(true);
    expect(JSON.parse(renderJson(sample()))).toEqual(sample());
  });

  it('writes keys in one order, whatever order they were put together in', () => {
    const report = aReport();
    const reversed = Object.fromEntries(Object.entries(report).reverse()) as unknown as Report;
    expect(renderJson(reversed)).toBe(renderJson(report));
  });
});

describe('renderReportSchema', () => {
  it('is what docs/report.schema.json says; `npm run docs` rewrites it', () => {
    const path = new URL('../../../docs/report.schema.json', import.meta.url);
    expect(readFileSync(path, 'utf8')).toBe(renderReportSchema());
  });
});
