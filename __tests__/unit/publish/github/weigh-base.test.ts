import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Report } from '../../../../src/model.js';
import { weighBase } from '../../../../src/publish/github/weigh-base.js';
import { renderJson } from '../../../../src/report/render-json.js';
import { withFolder } from '../../../support/notes-bundle.js';
import {
  allPass,
  deployed,
  notDeployed,
  oneFailedCheck,
  openedDoor,
} from '../../../support/sample-reports.js';

const withBase = <T>(base: Report, work: (file: string) => Promise<T>): Promise<T> =>
  withFolder(async (folder) => {
    const file = path.join(folder, 'base.json');
    await writeFile(file, renderJson(base));
    return work(file);
  });

describe('weighBase', () => {
  it('names what newly fails, and blocks a regression', async () => {
    await withBase(allPass(), async (baseReport) => {
      expect(await weighBase(oneFailedCheck(), { failOn: 'regression', baseReport })).toEqual({
        isBlocking: true,
        notes: [
          'Since the base: 2 newly fail: 02_messages_keyed_to_rooms: Check 1: Foreign Key and 06_orphans_of_each_kind: Check 1: Foreign Key.',
        ],
      });
    });
  });

  it('does not block what failed before, and says so', async () => {
    await withBase(oneFailedCheck(), async (baseReport) => {
      expect(await weighBase(oneFailedCheck(), { failOn: 'regression', baseReport })).toEqual({
        isBlocking: false,
        notes: [
          'Not blocking: fail-on is regression.',
          'Since the base: nothing newly fails, and nothing newly passes.',
        ],
      });
      const other = await weighBase(openedDoor(), { failOn: 'regression', baseReport });
      expect(other.isBlocking).toBe(true);
      expect(other.notes).toEqual([
        expect.stringMatching(/2 newly fail: .*Access.*; 2 newly pass: .*Check 1/),
      ]);
    });
  });

  it('takes a state that is gone for a regression', async () => {
    await withBase(oneFailedCheck(), async (baseReport) => {
      const { subjects, ...report } = oneFailedCheck();
      const without = { ...report, subjects: subjects.filter(({ name }) => !name.startsWith('03')) };
      const { isBlocking, notes } = await weighBase(without, { failOn: 'regression', baseReport });
      expect(isBlocking).toBe(true);
      expect(notes.join()).toContain('1 database of the base is gone: 03_rooms_and_chat_rooms_overlap');
    });
  });

  it('takes no base for a failure, and says that there is none', async () => {
    const absent = { failOn: 'regression', baseReport: '/no/such/base.json' } as const;
    expect(await weighBase(oneFailedCheck(), absent)).toMatchObject({
      isBlocking: true,
      notes: [expect.stringContaining('There is no report of the base')],
    });
    expect(await weighBase(oneFailedCheck(), { failOn: 'regression', baseReport: null })).toEqual({
      isBlocking: true,
      notes: [],
    });
  });

  it.each([
    ['failure', true],
    ['never', false],
  ] as const)('blocks as fail-on: %s says', async (failOn, isBlocking) => {
    expect(await weighBase(oneFailedCheck(), { failOn, baseReport: null })).toMatchObject({ isBlocking });
  });

  it('never lets a deployment that failed pass', async () => {
    const never = { failOn: 'never', baseReport: null } as const;
    expect(await weighBase(notDeployed(), never)).toEqual({ notes: [], isBlocking: true });
    expect(await weighBase(deployed(), never)).toMatchObject({ isBlocking: true });
  });
});
