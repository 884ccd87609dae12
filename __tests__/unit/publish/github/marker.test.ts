import { describe, expect, it } from '@jest/globals';
import {
  isNewer,
  isSameComment,
  type Marker,
  parseMarker,
  renderMarker,
} from '../../../../src/publish/github/marker.js';

const marker: Marker = {
  key: 'default',
  workflow: '.github/workflows/schema-fix.yml',
  runId: 1001,
  runNumber: 7,
  attempt: 1,
};

describe('renderMarker', () => {
  it('is one line that GitHub does not show', () => {
    expect(renderMarker(marker)).toMatch(/^<!-- schema-fix-action [^\n]* -->$/);
  });

  it('cannot be ended early by a key', () => {
    const line = renderMarker({ ...marker, key: 'a --> <b>' });
    expect(line.indexOf('-->')).toBe(line.length - 3);
  });
});

describe('parseMarker', () => {
  it.each(['default', 'a --> <b>', '"; drop\n', 'ключ'])('reads back the key %j', (key) => {
    expect(parseMarker(`${renderMarker({ ...marker, key })}\n\n## PASS`)).toEqual({ ...marker, key });
  });

  it('reads a comment whose lines GitHub stored with carriage returns', () => {
    expect(parseMarker(`${renderMarker(marker)}\r\n\r\n## PASS`)).toEqual(marker);
  });

  it.each([
    ['an ordinary comment', 'Looks good to me'],
    ['a marker further down, quoted from somewhere', `> look:\n${renderMarker(marker)}`],
    ['a marker that is no JSON', '<!-- schema-fix-action {oops -->'],
    ['a marker that lacks the run', '<!-- schema-fix-action {"key":"default"} -->'],
    ['an empty comment', ''],
  ])('finds none in %s', (_what, body) => {
    expect(parseMarker(body)).toBeNull();
  });
});

describe('isSameComment', () => {
  it('takes the comments of different runs for one', () => {
    expect(isSameComment(marker, { ...marker, runId: 1, runNumber: 1, attempt: 3 })).toBe(true);
  });

  it.each([{ key: 'pg16' }, { workflow: '.github/workflows/other.yml' }])('tells %j apart', (other) => {
    expect(isSameComment(marker, { ...marker, ...other })).toBe(false);
  });
});

describe('isNewer', () => {
  it.each([
    ['a later run', { runNumber: 8, attempt: 1 }, true],
    ['a re-run', { runNumber: 7, attempt: 2 }, true],
    ['the same run', { runNumber: 7, attempt: 1 }, false],
    ['a re-run of an earlier run', { runNumber: 6, attempt: 9 }, false],
  ])('judges %s', (_what, order, expected) => {
    expect(isNewer(order, marker)).toBe(expected);
  });
});
