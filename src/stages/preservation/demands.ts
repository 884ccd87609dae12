/** The body of a function → what it asks of tables with the rights of whoever calls it. */
import { closingOf } from './clauses.js';
import { isName, type Mention, type Piece, readMention } from './read-pieces.js';

export type DemandVerb = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';

export interface Demand {
  readonly verb: DemandVerb;
  readonly mention: Mention;
  /** Those that are given a value; null: nobody says which. */
  readonly columns: readonly string[] | null;
}

export function readDemands(pieces: readonly Piece[]): Demand[] {
  return pieces.flatMap(({ kind, text }, at): Demand[] => {
    if (kind !== 'word') return [];
    switch (text) {
      case 'insert':
        return textAt(pieces, at + 1) === 'into' ? demandsOfInsert(pieces, at + 2) : [];
      case 'update':
        return demandsOfUpdate(pieces, at);
      case 'delete':
        return textAt(pieces, at + 1) === 'from' ? demand('DELETE', pieces, at + 2) : [];
      case 'merge':
        return textAt(pieces, at + 1) === 'into' ? demandsOfMerge(pieces, at + 2) : [];
      case 'from':
      case 'join':
      case 'using':
        return /^(delete|distinct)$/.test(textAt(pieces, at - 1)) ? [] : demand('SELECT', pieces, at + 1);
      default:
        return [];
    }
  });
}

const textAt = (pieces: readonly Piece[], at: number): string => pieces[at]?.text ?? '';

/** Of a function that is called there, nothing. */
function demand(
  verb: DemandVerb,
  pieces: readonly Piece[],
  from: number,
  columns: readonly string[] | null = null,
): Demand[] {
  const at = placeOfName(pieces, from);
  if (!isName(pieces[at])) return [];
  const mention = readMention(pieces, at);
  return verb === 'SELECT' && textAt(pieces, mention.at + 1) === '(' ? [] : [{ verb, mention, columns }];
}

const placeOfName = (pieces: readonly Piece[], from: number): number =>
  /^(only|lateral)$/.test(textAt(pieces, from)) ? from + 1 : from;

function demandsOfInsert(pieces: readonly Piece[], from: number): Demand[] {
  const end = readMention(pieces, from).at;
  const open = textAt(pieces, end + 1) === 'as' ? end + 3 : end + 1;
  const isAList = textAt(pieces, open) === '(' && !/^(select|with|values|\()$/.test(textAt(pieces, open + 1));
  const close = closingOf(pieces, open);
  const columns = isAList ? namesBetween(pieces, open, close) : null;
  const until = endOfStatement(pieces, from);
  const doing = pieces.findIndex(
    ({ text }, at) => at > from && at < until && text === 'do' && textAt(pieces, at + 1) === 'update',
  );
  return [
    ...demand('INSERT', pieces, from, columns),
    ...(doing < 0 ? [] : demand('UPDATE', pieces, from, columnsSet(pieces, doing + 2))),
  ];
}

/** Not `for update`, `on update cascade`, `do update set`. */
function demandsOfUpdate(pieces: readonly Piece[], at: number): Demand[] {
  const target = placeOfName(pieces, at + 1);
  const end = readMention(pieces, target).at;
  const set = [1, 2, 3].map((step) => end + step).find((place) => textAt(pieces, place) === 'set');
  return set === undefined || textAt(pieces, at - 1) === 'do'
    ? []
    : demand('UPDATE', pieces, at + 1, columnsSet(pieces, set));
}

function demandsOfMerge(pieces: readonly Piece[], from: number): Demand[] {
  const until = endOfStatement(pieces, from);
  return pieces.flatMap(({ text }, at): Demand[] => {
    const verb = text.toUpperCase();
    const isAction =
      at > from && at < until && textAt(pieces, at - 1) === 'then' && /^(INSERT|UPDATE|DELETE)$/.test(verb);
    return isAction ? demand(verb as DemandVerb, pieces, from) : [];
  });
}

/** `set a = 1, (b, c) = (2, 3)`; `at`: of the word before the first. */
function columnsSet(pieces: readonly Piece[], at: number): string[] | null {
  const columns: string[] = [];
  for (let place = at + 1; place < pieces.length; ) {
    if (textAt(pieces, place) === '(') {
      const close = closingOf(pieces, place);
      columns.push(...namesBetween(pieces, place, close));
      place = close + 1;
    } else {
      columns.push(textAt(pieces, place));
      place += 1;
    }
    if (textAt(pieces, place) !== '=') return null;
    place = nextOfList(pieces, place);
    if (textAt(pieces, place) !== ',') return columns;
    place += 1;
  }
  return null;
}

function nextOfList(pieces: readonly Piece[], from: number): number {
  for (let at = from; at < pieces.length; at += 1) {
    const text = textAt(pieces, at);
    if (text === '(') at = closingOf(pieces, at);
    else if (/^([,;)]|from|where|returning)$/.test(text)) return at;
  }
  return pieces.length;
}

const namesBetween = (pieces: readonly Piece[], open: number, close: number): string[] =>
  pieces.slice(open + 1, close).flatMap((piece) => (isName(piece) ? [piece.text] : []));

function endOfStatement(pieces: readonly Piece[], from: number): number {
  const end = pieces.findIndex(({ kind, text }, at) => at > from && kind === 'sign' && text === ';');
  return end < 0 ? pieces.length : end;
}
