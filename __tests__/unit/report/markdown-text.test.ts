import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { code, codeBlock, codeCell, link, prose, table } from '../../../src/report/markdown-text.js';
import { hostileText } from '../../support/hostile-text.js';
import { allNodes, nodesOfType, parseMarkdown } from '../../support/parse-markdown.js';

/** What nothing from a database may become. */
const markup = [
  'link',
  'linkReference',
  'image',
  'imageReference',
  'heading',
  'list',
  'footnoteReference',
  'delete',
];

describe('prose', () => {
  it.each([
    ['a mention', '@everyone', '@&#8203;everyone'],
    ['an issue', 'see #123', 'see #&#8203;123'],
    ['an issue the other way', 'GH-12', 'GH-&#8203;12'],
    ['an address', 'https://evil.example', 'https:&#8203;//evil.example'],
    ['a bare host', 'www.evil.example', 'www&#8203;.evil.example'],
    ['a bare host behind an underscore', '_www.evil.example', '\\_www&#8203;.evil.example'],
    ['a tag', '</details>', '&lt;/details&gt;'],
    ['a comment', '<!-- x -->', '&lt;!-- x --&gt;'],
    ['emphasis and code', '*a* _b_ `c`', '\\*a\\* \\_b\\_ \\`c\\`'],
    ['a link', '[a](b)', '\\[a\\](b)'],
    ['a pipe', 'a | b', 'a \\| b'],
    ['an entity', '&#64;everyone', '&amp;#&#8203;64;everyone'],
  ])('makes %s harmless', (_, text, markdown) => {
    expect(prose(text)).toBe(markdown);
  });

  it('is read as text whatever it holds', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const nodes = allNodes(parseMarkdown(`Title: ${prose(text)}.`));
        const values = (type: string) =>
          nodes.filter((node) => node.type === type).map(({ value }) => value ?? '');
        expect(nodes.filter(({ type }) => markup.includes(type))).toEqual([]);
        expect(values('text').join('')).not.toMatch(/@[a-z]/i);
        expect(values('html').filter((tag) => tag !== '<span>' && tag !== '</span>')).toEqual([]);
      }),
    );
  });
});

describe('code', () => {
  it.each([
    ['a backtick', 'a`b', '``a`b``'],
    ['backticks at the ends', '`a`', '`` `a` ``'],
    ['a line break', 'a\nb', '`a⏎b`'],
    ['a comment, which a search for a marker must not find', '<!-- x', '`<\u200B!-- x`'],
  ])('holds %s', (_, text, markdown) => {
    expect(code(text)).toBe(markdown);
  });

  it('says that there is nothing to show', () => {
    expect([code(''), code('  ')]).toEqual(['_empty_', '_blank_']);
  });

  it('is one piece of code whatever it holds', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const types = allNodes(parseMarkdown(`x ${code(text)} y`)).map(({ type }) => type);
        const kind = text.trim() === '' && !/[\p{Cc}\p{Cf}]/u.test(text) ? 'emphasis' : 'inlineCode';
        expect(types.filter((type) => type !== 'text')).toEqual(['root', 'paragraph', kind]);
      }),
    );
  });
});

describe('codeCell', () => {
  it.each([
    ['a pipe', 'a|b', 'a|b'],
    ['a pipe behind two backslashes', 'a\\\\|b', 'a\\\\|b'],
    ['a pipe behind one backslash, with one more', 'a\\|b', 'a\\\\|b'],
  ])('holds %s', (_, text, seen) => {
    const [cell] = nodesOfType(table(['x'], [[codeCell(text)]]), 'inlineCode');
    expect(cell?.value).toBe(seen);
  });

  it('stays within its cell whatever it holds', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (one, other) => {
        const cells = nodesOfType(
          table(['a', 'b', 'c'], [[codeCell(one), prose(other), 'end']]),
          'tableCell',
        );
        expect(cells).toHaveLength(6);
        expect(allNodes(cells[5] ?? { type: 'none' }).at(-1)?.value).toBe('end');
      }),
    );
  });
});

describe('codeBlock', () => {
  it('is closed by nothing that it holds', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const types = allNodes(parseMarkdown(`${codeBlock(text)}\n\nend`)).map(({ type }) => type);
        expect(types).toEqual(['root', 'code', 'paragraph', 'text']);
      }),
    );
  });

  it('is cut, and says so', () => {
    expect(codeBlock('line\n'.repeat(60))).toContain('line\n… and more\n```');
  });
});

describe('link', () => {
  it('leads to an address of the web', () => {
    expect(link('the run', 'https://github.com/o/r/actions/runs/1')).toBe(
      '[the run](https://github.com/o/r/actions/runs/1)',
    );
  });

  it.each(['javascript:alert(1)', 'https://x/) [y](https://z', 'https://x/ y', ''])(
    'does not lead to %j',
    (url) => {
      expect(link('the run', url)).toBe('the run');
    },
  );
});
