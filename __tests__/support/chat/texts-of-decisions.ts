/** The prelude → the texts of what has to be decided, each as its view gives it. */
import parser from 'libpg-query';
import type { SqlFile } from '../../../src/model.js';

type Node = Readonly<Record<string, unknown>> | readonly unknown[];

/** A query, and what its columns are called, if not as it calls them itself. */
interface Query {
  readonly select: Select;
  readonly names: readonly string[];
}

interface Select {
  readonly op?: string;
  readonly larg?: Select;
  readonly rarg?: Select;
  readonly targetList?: readonly { readonly ResTarget: { readonly name?: string; readonly val: Node } }[];
  readonly fromClause?: Node;
  readonly withClause?: { readonly ctes: readonly { readonly CommonTableExpr: Common }[] };
}

interface Common {
  readonly ctename: string;
  readonly ctequery: { readonly SelectStmt: Select };
  readonly aliascolnames?: readonly Name[];
}

type Name = { readonly String: { readonly sval: string } };

export interface TextOfDecision {
  readonly view: string;
  /** What it says itself, its parts with `; ` between them. */
  readonly text: string;
  /** What its columns say that a query within gives, each in all its alternatives; read when asked for, since a query may read itself. */
  readonly readWithin: () => TextOfDecision[][];
}

type Queries = ReadonlyMap<string, Query>;

export async function readTextsOfDecisions(prelude: readonly SqlFile[]): Promise<TextOfDecision[]> {
  await parser.loadModule();
  const views = new Map(prelude.flatMap(({ text }) => readViews(parser.parseSync(text))));
  return [...views]
    .filter(([name]) => name.startsWith('decisions_about_'))
    .flatMap(([view, query]) => textsOf({ view, query, column: 1, known: views }));
}

function readViews(parsed: unknown): [string, Query][] {
  return valuesOf(parsed, 'ViewStmt').map((stmt) => {
    const { view, query, aliases } = stmt as {
      view: { relname: string };
      query: { SelectStmt: Select };
      aliases?: readonly Name[];
    };
    return [view.relname, { select: query.SelectStmt, names: namesOf(aliases) }];
  });
}

interface Asked {
  readonly view: string;
  readonly query: Query;
  /** By its place or its name. */
  readonly column: number | string;
  readonly known: Queries;
}

function textsOf({ view, query, column, known }: Asked): TextOfDecision[] {
  const { select, names } = query;
  const leaves = leavesOf(select);
  const outer = withCommon(known, select);
  const place = typeof column === 'number' ? column : placeOf(column, names, leaves[0]);
  return leaves.flatMap((leaf) => {
    const all = withCommon(outer, leaf);
    const target = leaf.targetList?.[place]?.ResTarget.val;
    if (target !== undefined && !('ColumnRef' in target && valuesOf(target, 'A_Star').length > 0))
      return alternativesOf(target).map((one) => ({
        view,
        text: textIn(one),
        readWithin: () =>
          columnsIn(one).flatMap(([alias, name]) => {
            const source = sourcesOf(leaf, all).get(alias);
            return source === undefined ? [] : [textsOf({ view, query: source, column: name, known: all })];
          }),
      }));
    // `table one union all table another`.
    const [source] = sourcesOf(leaf, all).values();
    return source === undefined ? [] : textsOf({ view, query: source, column, known: all });
  });
}

function placeOf(column: string, names: readonly string[], first: Select | undefined): number {
  if (names.length > 0) return names.indexOf(column);
  return (first?.targetList ?? []).findIndex(
    ({ ResTarget: { name, val } }) => (name ?? columnsIn(val)[0]?.[1]) === column,
  );
}

const leavesOf = (select: Select): readonly Select[] =>
  select.larg === undefined || select.rarg === undefined
    ? [select]
    : [...leavesOf(select.larg), ...leavesOf(select.rarg)];

function withCommon(known: Queries, { withClause }: Select): Queries {
  const own = (withClause?.ctes ?? []).map(({ CommonTableExpr: one }): [string, Query] => [
    one.ctename,
    { select: one.ctequery.SelectStmt, names: namesOf(one.aliascolnames) },
  ]);
  return new Map([...known, ...own]);
}

/** What the query reads that is a query itself, by what its columns are qualified by. */
function sourcesOf({ fromClause }: Select, known: Queries): Queries {
  const sources: [string, Query][] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    const { JoinExpr, RangeSubselect, RangeVar } = node as Record<string, Record<string, unknown>>;
    if (JoinExpr !== undefined) [JoinExpr.larg, JoinExpr.rarg].forEach(visit);
    if (RangeSubselect !== undefined) {
      const { subquery, alias } = RangeSubselect as {
        subquery: { SelectStmt: Select };
        alias: { aliasname: string; colnames?: readonly Name[] };
      };
      sources.push([alias.aliasname, { select: subquery.SelectStmt, names: namesOf(alias.colnames) }]);
    }
    if (RangeVar !== undefined) {
      const { relname, alias } = RangeVar as { relname: string; alias?: { aliasname: string } };
      const query = known.get(relname);
      if (query !== undefined) sources.push([alias?.aliasname ?? relname, query]);
    }
  };
  visit(fromClause ?? []);
  return new Map(sources);
}

/** The results of a `case`, each by itself. */
function alternativesOf(expression: Node): Node[] {
  if (!('CaseExpr' in expression)) return [expression];
  const { args, defresult } = expression.CaseExpr as {
    args: readonly { CaseWhen: { result: Node } }[];
    defresult?: Node;
  };
  return [...args.map(({ CaseWhen }) => CaseWhen.result), ...(defresult ? [defresult] : [])].flatMap(
    alternativesOf,
  );
}

const textIn = (node: unknown): string =>
  valuesOf(node, 'A_Const')
    .flatMap((constant) => (constant as { sval?: { sval?: string } }).sval?.sval ?? [])
    .join('; ');

const columnsIn = (node: unknown): [string, string][] =>
  valuesOf(node, 'ColumnRef').flatMap((reference): [string, string][] => {
    const names = namesOf((reference as { fields: readonly Name[] }).fields);
    return names.length === 0 ? [] : [[names[0] as string, names.at(-1) as string]];
  });

const namesOf = (names: readonly Name[] | undefined): string[] =>
  (names ?? []).flatMap((name) => name.String?.sval ?? []);

/** What stands under the key, however deep. */
function valuesOf(node: unknown, key: string): unknown[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([name, value]) => (name === key ? [value] : valuesOf(value, key)));
}
