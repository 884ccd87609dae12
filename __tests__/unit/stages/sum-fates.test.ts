import { describe, expect, it } from '@jest/globals';
import type { PreservedResult } from '../../../src/model.js';
import { withContent } from '../../../src/stages/preservation/sum-fates.js';

const nine: PreservedResult = {
  name: 'memberships',
  outcome: 'pass',
  before: 9,
  inPlace: 6,
  moved: 0,
  merged: 0,
  quarantined: 3,
  lost: 0,
  lostRows: [],
  appeared: 0,
  excused: [],
};

describe('withContent', () => {
  it('counts a row among those in quarantine that names nobody, although others are in its room', () => {
    const content = { ...nine, inPlace: 4, quarantined: 5 };
    expect(withContent(nine, content)).toMatchObject({ inPlace: 4, quarantined: 5 });
  });

  it('leaves a row where it arrived that its content does not find again', () => {
    expect(withContent(nine, { ...nine, inPlace: 9, quarantined: 0 })).toMatchObject({
      inPlace: 6,
      quarantined: 3,
    });
  });
});
