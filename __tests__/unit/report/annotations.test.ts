import { describe, expect, it } from '@jest/globals';
import { buildAnnotations } from '../../../src/report/annotations.js';
import { aReport } from '../../support/build-report.js';
import { allPass, oneFailedCheck, sqlError, tooLong } from '../../support/sample-reports.js';

describe('buildAnnotations', () => {
  it('is empty where all passed', () => {
    expect(buildAnnotations(allPass())).toEqual([]);
  });

  it('points at the line that failed and says why in its first line', () => {
    const [annotation] = buildAnnotations(sqlError());
    expect(annotation).toMatchObject({
      folder: '/repository/sql/bundles/chat-schema-fix',
      path: 'sections/08_create_policies.sql',
      line: 41,
      title:
        'Section 8: Create policies (01_empty_database, 02_messages_keyed_to_rooms, 03_rooms_and_chat_rooms_overlap and 8 more)',
    });
    expect(annotation?.message.split('\n')[0]).toBe(
      'function public.user_is_in_rom(uuid) does not exist (SQLSTATE 42883)',
    );
  });

  it('points at the file of a check that failed', () => {
    expect(buildAnnotations(oneFailedCheck())).toMatchObject([
      { path: 'checks/01_foreign_key.sql', line: null },
    ]);
  });

  it('tells the reasons of a run that tried nothing', () => {
    expect(buildAnnotations(aReport({ subjects: [] }))).toMatchObject([
      { path: null, message: 'No database was rehearsed.' },
    ]);
  });

  it('keeps each within what GitHub takes', () => {
    for (const { title, message } of buildAnnotations(tooLong())) {
      expect(title.length).toBeLessThanOrEqual(255);
      expect(Buffer.byteLength(message)).toBeLessThanOrEqual(64 * 1024);
    }
  });
});
