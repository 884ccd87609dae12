/** Markdown as GitHub reads it, as a tree: to prove that hostile text stays text. */
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';

export interface MarkdownNode {
  readonly type: string;
  readonly value?: string;
  readonly children?: readonly MarkdownNode[];
}

export function parseMarkdown(text: string): MarkdownNode {
  return unified().use(remarkParse).use(remarkGfm).parse(text) as MarkdownNode;
}

/** The node and everything in it. */
export function allNodes(node: MarkdownNode): MarkdownNode[] {
  return [node, ...(node.children ?? []).flatMap(allNodes)];
}

export function nodesOfType(text: string, type: string): MarkdownNode[] {
  return allNodes(parseMarkdown(text)).filter((node) => node.type === type);
}
