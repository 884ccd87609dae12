/** The text of a function, a trigger, a check or a default → what of the moment decides something in it. It may be written as a value, `created_at := now()`. */
import { closingOf, openAround, type Range } from './clauses.js';
import { hasARow, isEqualTo, notePoor } from './compared-with-rows.js';
import { giveOn, loopsIn } from './given-on.js';
import { type Around, type BodyRead, type Moment, moments, type Source, words } from './moments.js';
import { mentionsIn, type Piece, readPieces } from './read-pieces.js';
import { splitDefinition } from './split-definition.js';
import { type Outcome, whatBecomesOf } from './what-becomes-of.js';
import { howFarCounted, howLongItTakes, namesADay, toDecide, whoCalls } from './what-names-tell.js';

const saidOf: Readonly<Record<Moment, string>> = {
  time: namesADay,
  day: namesADay,
  instant: `${howLongItTakes}, ${toDecide}`,
  chance: `chance, ${toDecide}`,
  count: `${howFarCounted}, ${toDecide}`,
  caller: `${whoCalls}, ${toDecide}`,
};

export interface Decided {
  /** In words: what decides. */
  readonly by: readonly string[];
  /** What a function answers with. */
  readonly answers: Moment | null;
}

export function readDecided(said: string, around: Around): Decided {
  const parts = splitDefinition(said);
  const pieces = readPieces(parts?.body ?? said);
  const body: BodyRead = {
    pieces,
    mentions: [...mentionsIn(pieces)],
    loops: loopsIn(pieces),
    given: new Map(),
    poor: new Set(),
    around,
  };
  let answers: Moment | null = null;
  const by = new Set<string>();
  // What is given on is found by what was found before.
  for (let round = 0; round < 4; round += 1) {
    by.clear();
    const known = body.given.size + body.poor.size;
    notePoor(body);
    for (const source of sourcesIn(body)) {
      const outcome = whatBecomesOf(pieces, source);
      if (outcome.is === 'value') {
        giveOn(body, source, outcome);
        if (isAnswer(pieces, outcome)) answers ??= source.moment;
        if (isMixed(body, source, outcome.within)) by.add(saidOf.instant);
      } else if (outcome.is !== 'known' && decides(body, source, outcome)) by.add(saidOf[source.moment]);
    }
    if (body.given.size + body.poor.size === known) break;
  }
  return { by: [...by], answers };
}

function sourcesIn({ pieces, mentions, given, around }: BodyRead): Source[] {
  return mentions.flatMap(({ schema, name, whole, from, at }): Source[] => {
    const isCall = pieces[at + 1]?.text === '(';
    const to = isCall ? closingOf(pieces, at + 1) + 1 : at + 1;
    const isServers =
      schema === null || schema === 'pg_catalog' || name.startsWith('uuid_') || name.startsWith('gen_');
    const own = isServers ? moments.get(name) : undefined;
    if (own !== undefined && (isCall || words.includes(name))) return [{ from, to, moment: own, name }];
    // Of one argument: the time since then.
    if (isCall && isServers && name === 'age' && !hasComma(pieces, at + 1, to))
      return [{ from, to, moment: 'day', name }];
    if (isCall) {
      const moment = around.momentOf(whole);
      return moment === null ? [] : [{ from, to, moment, name }];
    }
    const held = given.get(whole);
    return held === undefined || from <= held.since
      ? []
      : [{ from, to: at + 1, moment: held.moment, name: whole }];
  });
}

function hasComma(pieces: readonly Piece[], open: number, to: number): boolean {
  for (let at = open + 1; at < to; at += 1) {
    if (pieces[at]?.kind !== 'sign') continue;
    if (pieces[at]?.text === '(') at = closingOf(pieces, at);
    else if (pieces[at]?.text === ',') return true;
  }
  return false;
}

const isAnswer = (pieces: readonly Piece[], { clause }: Outcome): boolean =>
  /^(return|query|next)$/.test(pieces[clause]?.text ?? '') ||
  (pieces[clause]?.text === 'select' &&
    openAround(pieces, clause) < 0 &&
    !pieces.some(({ text }) => text === 'begin')) ||
  pieces[clause - 1]?.text === 'query';

/** The time of the statement beside that of its transaction tells one that is its first. */
function isMixed(body: BodyRead, { moment }: Source, within: Range): boolean {
  return (
    moment === 'instant' &&
    sourcesIn(body).some((one) => one.moment === 'time' && one.from >= within.from && one.to <= within.to) &&
    body.pieces.slice(within.from, within.to).some(({ text }) => text === '-')
  );
}

function decides(body: BodyRead, source: Source, { within, signs, clause }: Outcome): boolean {
  const { pieces } = body;
  switch (source.moment) {
    case 'time':
    case 'day':
      return (
        !hasARow(body, within) ||
        (source.moment === 'time' && signs.some((at) => isEqualTo(pieces, at, source)))
      );
    case 'instant':
      return true;
    default:
      // A code or a number is looked for among those that there are.
      return !(
        /^(where|on)$/.test(pieces[clause]?.text ?? '') &&
        signs.every((at) => /^(=|in|distinct)$/.test(pieces[at]?.text ?? '')) &&
        signs.length > 0 &&
        hasARow(body, within) &&
        !pieces
          .slice(within.from, within.to)
          .some(({ kind, text }) => kind === 'sign' && /^[-+*/%\d]$/.test(text))
      );
  }
}
