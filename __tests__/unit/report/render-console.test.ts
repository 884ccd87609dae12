import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { renderConsole } from '../../../src/report/render-console.js';
import { aReport } from '../../support/build-report.js';
import {
  buildAccess,
  buildChecks,
  buildProblem,
  buildStoppedSubject,
  buildSubject,
  failingCheck,
} from '../../support/build-results.js';
import { hostileText } from '../../support/hostile-text.js';
import {
  allPass,
  lostRow,
  oneFailedCheck,
  openedDoor,
  refusedFor,
  sqlError,
  tooLong,
} from '../../support/sample-reports.js';

const plain = { isColored: false, columns: 160 };
const lastLine = (text: string) => text.trimEnd().split('\n').at(-1);

describe('renderConsole', () => {
  it('ends with the verdict', () => {
    expect(lastLine(renderConsole(allPass(), plain))).toMatch(
      /^PASS, safe to merge {2}Comprehensive chat schema fix: 12 of 12 databases/,
    );
    expect(lastLine(renderConsole(oneFailedCheck(), plain))).toMatch(
      /^FAIL, do not merge: Check 1: Foreign Key, on 2 of 12 databases {2}Comprehensive/,
    );
    expect(lastLine(renderConsole(aReport({ subjects: [] }), plain))).toMatch(
      /^NOT PROVEN: No database was rehearsed {2}/,
    );
  });

  it('shows whole what has to be decided, and its name at the end', () => {
    for (const length of [450, 2500, 9000]) {
      const text = renderConsole(refusedFor(2, length), plain).replace(/\s+/g, ' ');
      expect(text).toContain('(public.notes.rule1)');
      expect(text).toContain('(public.notes.rule2)');
      if (length < 4000) expect(text).not.toContain('…');
    }
  });

  it('says what to do about a row that is lost', () => {
    expect(renderConsole(lostRow(), plain)).toContain('What to do: A fix deletes nothing. Leave the row');
  });

  it('names a database once, in however many ways something failed on it', () => {
    const doors = openedDoor();
    const [door] = doors.subjects.filter(({ outcome }) => outcome === 'fail').slice(0, 1);
    if (door === undefined || 'reason' in door.access) throw new Error('nothing failed');
    const [read] = door.access.differences;
    const twice = { ...door.access, differences: [read, { ...read, verb: 'change' }] } as typeof door.access;
    const text = renderConsole({ ...doors, subjects: [{ ...door, access: twice }] }, plain);
    expect(text).toMatch(/can now read[\s\S]*can now change/);
    expect(text).not.toContain(`on ${door.name}`);
  });

  it('does not cut a sentence of ours in the middle', () => {
    const reason = `${'Not rehearsed: some of them. '.repeat(30)}Run them.`;
    expect(renderConsole({ ...allPass(), verdict: 'fail', reasons: [reason] }, plain)).toContain('Run them.');
  });

  it('says first which part of the fix was applied, and why more than was asked for', () => {
    const added = [{ number: 5, neededBy: 8 }];
    const report = { ...allPass(), sections: { numbers: [5, 8], isWholeFix: false, added } };
    expect(renderConsole(report, plain)).toMatch(
      /^Only a part of the fix: sections 5, 8 \(5 because 8 needs it\)\n/,
    );
    expect(renderConsole(allPass(), plain)).not.toContain('Only a part');
  });

  it('shows the settings of the fix, one line for each item of a list', () => {
    const settings = [
      { name: 'acknowledge', value: ['a', '\u001b[2Jb'], isGiven: true },
      { name: 'limit', value: '5', isGiven: false },
      { name: 'kept', value: [], isGiven: false },
    ];
    expect(renderConsole({ ...allPass(), settings }, plain)).toMatch(
      new RegExp(
        [
          '^Settings',
          '  acknowledge  a',
          '  acknowledge  ␛\\[2Jb',
          '  limit        5 +default',
          '  kept +default: none\n',
        ].join('\n'),
      ),
    );
    expect(renderConsole(allPass(), plain)).not.toContain('Settings');
  });

  it('tells of many databases a few of the lines on which an answer rests, and of one all of them', () => {
    const differences = Array.from({ length: 20 }, (_, index) => ({
      outcome: 'lost' as const,
      isDeclared: true,
      table: `public.notes_${index + 10}`,
      verb: 'read' as const,
      people: 2,
      rows: 3,
      person: null,
      row: null,
      policies: [],
      reason: 'a stranger could',
    }));
    const subject = buildSubject({ access: buildAccess({ people: 2, lostAsDeclared: 2, differences }) });
    const told = (number: number) =>
      renderConsole(aReport({ subjects: Array.from({ length: number }, () => subject) }), plain);

    expect(told(1).match(/lost on public\.notes_/g)).toHaveLength(20);
    expect(told(1)).not.toContain('more lines');
    expect(told(2).match(/lost on public\.notes_/g)).toHaveLength(5);
    expect(told(2)).toContain('… and 15 more lines: --markdown FILE has all');
  });

  it('points at the failing character', () => {
    const lines = renderConsole(sqlError(), plain).split('\n');
    const sql = lines.findIndex((line) => line.includes('user_is_in_rom(room_id)'));
    const caret = lines[sql + 1]?.indexOf('^') ?? -1;
    expect(lines[sql]?.slice(caret, caret + 11)).toBe('public.user');
    expect(lines[sql - 1]?.trim()).toBe('sections/08_create_policies.sql:41:12');
  });

  it('is coloured where that is wanted, and says the same', () => {
    const colored = renderConsole(sqlError(), { isColored: true, columns: 160 });
    expect(colored).toContain('\u001B[31m');
    expect(stripVTControlCharacters(colored)).toBe(renderConsole(sqlError(), plain));
  });

  it('leaves out numbers where the terminal is narrow', () => {
    const text = renderConsole(allPass(), { isColored: false, columns: 80 });
    expect(text).not.toContain('again: no change');
    expect(text).toContain('PASS  01_empty_database');
  });

  it('tells a few of the ways in which a thing failed, and counts the rest', () => {
    const text = renderConsole(tooLong(), plain);
    expect(text).toContain('… and 57 more ways in which it failed');
    expect(text.split('\n').length).toBeLessThan(500);
  });

  it('writes out what would drive the terminal or the runner, whatever the text', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const problem = buildProblem({
          message: text,
          detail: text,
          hint: text,
          snippet: text,
          advice: text,
        });
        const checks = buildChecks({
          1: { title: text, after: failingCheck({ object: text, expected: text, actual: text }) },
        });
        const subjects = [
          buildStoppedSubject(problem, { name: text, title: text }),
          buildSubject({ name: 'b', outcome: 'fail', checks }),
        ];
        const said = renderConsole(aReport({ subjects }), plain);
        expect(said.replaceAll('\n', '')).not.toMatch(/\p{Cc}|[\u202A-\u202E\u2066-\u2069]/u);
        expect(said).not.toMatch(/^\s*::/m);
        expect(said).not.toContain('##[');
      }),
      { numRuns: 100 },
    );
  });

  it('lines columns up by what is seen', () => {
    const subjects = [buildSubject({ name: '状态' }), buildSubject({ name: 'état' })];
    const lines = renderConsole(aReport({ subjects }), plain).split('\n');
    const ends = ['状态', 'état'].map((name) => {
      const line = lines.find((candidate) => candidate.includes(name)) ?? '';
      return stringWidth(line.slice(0, line.indexOf('8 of 8')));
    });
    expect(ends[0]).toBe(ends[1]);
  });
});
