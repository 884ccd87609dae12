import { describe, expect, it } from '@jest/globals';
import { weighBase } from '../../../../src/publish/github/weigh-base.js';
import {
  allPass,
  deployed,
  notDeployed,
  oneFailedCheck,
  openedDoor,
} from '../../../support/sample-reports.js';

const regression = { failOn: 'regression', baseReport: 'auto' } as const;

describe('weighBase', () => {
  it('names what newly fails, and blocks a regression', () => {
    const base = allPass();
    expect(weighBase(oneFailedCheck(), base, regression)).toEqual({
      isBlocking: true,
      footnotes: [],
      notes: [
        'Since the base: 2 newly fail: 02_messages_keyed_to_rooms: Check 1: Foreign Key and 06_orphans_of_each_kind: Check 1: Foreign Key.',
      ],
    });
  });

  it('does not block what failed before, and says so', () => {
    const base = oneFailedCheck();
    expect(weighBase(oneFailedCheck(), base, regression)).toEqual({
      isBlocking: false,
      footnotes: [],
      notes: [
        'Not blocking: fail-on is regression.',
        'Since the base: nothing newly fails, and nothing newly passes.',
      ],
    });
    const other = weighBase(openedDoor(), base, regression);
    expect(other.isBlocking).toBe(true);
    expect(other.notes).toEqual([expect.stringMatching(/2 newly fail: .*Access.*; 2 newly pass: .*Check 1/)]);
  });

  it('takes a state that is gone for a regression', () => {
    const base = oneFailedCheck();
    const { subjects, ...report } = oneFailedCheck();
    const without = { ...report, subjects: subjects.filter(({ name }) => !name.startsWith('03')) };
    const { isBlocking, notes } = weighBase(without, base, regression);
    expect(isBlocking).toBe(true);
    expect(notes.join()).toContain('1 database of the base is gone: 03_rooms_and_chat_rooms_overlap');
  });

  it('takes no base for a failure, and says that there is none: of what passes in the last line', () => {
    const absent = 'There is no report of the base.';
    expect(weighBase(oneFailedCheck(), absent, regression)).toEqual({
      isBlocking: true,
      footnotes: [],
      notes: [absent],
    });
    expect(weighBase(oneFailedCheck(), null, regression)).toEqual({
      isBlocking: true,
      footnotes: [],
      notes: [],
    });
    expect(weighBase(allPass(), absent, regression)).toMatchObject({
      notes: [],
      footnotes: ['no report of the base'],
    });
    expect(weighBase(allPass(), absent, { ...regression, baseReport: 'base.json' }).notes).toEqual([absent]);
  });

  it.each([
    ['failure', true],
    ['never', false],
  ] as const)('blocks as fail-on: %s says', (failOn, isBlocking) => {
    expect(weighBase(oneFailedCheck(), null, { failOn, baseReport: 'auto' })).toMatchObject({ isBlocking });
  });

  it('never lets a deployment that failed pass', () => {
    const never = { failOn: 'never', baseReport: 'auto' } as const;
    expect(weighBase(notDeployed(), null, never)).toEqual({ notes: [], footnotes: [], isBlocking: true });
    expect(weighBase(deployed(), null, never)).toMatchObject({ isBlocking: true });
  });
});
