/** Whoever is refused is told what to do: by each decision, by each refusal of a section, and by the table of the README. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readTextsOfDecisions, type TextOfDecision } from '../../support/chat/texts-of-decisions.js';
import { loadChatBundle } from '../../support/chat-bundle.js';

const bundle = await loadChatBundle();

/** A request, behind what is wrong: `: rename it`, `; or acknowledge it`, `the application has to …`. */
const remedy =
  /(?:[:;.,]\s+(?:so |first |then )?|\bor |^\s*)(?:acknowledge|add|appoint|call|change|check|compare|copy|create|declare|decode|delete|drop|enable|give|grant|have|keep|leave|let|look|make|move|name|narrow|publish|put|qualify|refer|remove|rename|repair|replace|return|revoke|rewrite|say|search|send|set|take|tell|use|withdraw|write)\b|\bha(?:s|ve) to\b/i;

const tellsWhatToDo = ({ text, readWithin }: TextOfDecision): boolean =>
  remedy.test(text) || readWithin().some((texts) => texts.length > 0 && texts.every(tellsWhatToDo));

describe('what has to be decided', () => {
  it('ends with what to do instead', async () => {
    const texts = await readTextsOfDecisions(bundle.prelude);
    expect(texts.length).toBeGreaterThan(120);
    expect(texts.filter((text) => !tellsWhatToDo(text)).map(({ view, text }) => `${view}: ${text}`)).toEqual([
      // A row of its own under the same name says what to do, once for each policy.
      'decisions_about_policies: policy %I on %s, for %s, looks at %s; , ',
      'decisions_about_policies: policy %I on %s, %s',
    ]);
  });

  it('has what to do in the table of the README', async () => {
    const readme = await readFile(path.join(bundle.folder, 'README.md'), 'utf8');
    const refused = readme.split(/^## /m).find((part) => part.startsWith('What is refused'));
    const rows = (refused ?? '').split('\n').filter((line) => /^\|(?!---| Refused)/.test(line));
    expect(rows.length).toBeGreaterThan(80);
    const silent = rows.filter(
      (row) => !/^ (the same|see section \d+) $/.test(cellOf(row)) && !remedy.test(cellOf(row)),
    );
    expect(silent).toEqual([]);
  });
});

describe('a refusal of a section', () => {
  it('has a hint', () => {
    // What is raised of an old rule that is tried is a reason in the text of a decision.
    const tools = bundle.prelude.filter(({ path: file }) => !file.includes('08_old_policies'));
    const files = [...tools, ...bundle.sections.flatMap(({ file, parts }) => [file, ...parts])];
    const raised = files.flatMap(({ path: file, text }) =>
      [...text.matchAll(/raise exception\b[^;]*?feature_not_supported[^;]*;/g)].map(([said]) => ({
        file,
        said,
      })),
    );
    expect(raised.length).toBeGreaterThan(3);
    expect(raised.filter(({ said }) => !/\bhint\s*=/.test(said))).toEqual([]);
  });
});

const cellOf = (row: string): string => row.split(/(?<!\\)\|/).at(-2) ?? '';
