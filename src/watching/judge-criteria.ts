/** The bundle's criteria, as far as logs or a look at the database show them: the rest is for a rehearsal. */
import type { Criterion, Evidence } from '../model.js';
import type { SignatureTotal, VerifiedCheck, WatchedCriterion } from '../watched.js';

type Shown = { readonly isMet: boolean; readonly shown: string };

export function judgeByLogs(
  criteria: readonly Criterion[],
  totals: readonly SignatureTotal[],
): WatchedCriterion[] {
  return judgeBy(criteria, (piece) => {
    if (piece.kind !== 'log') return null;
    const found = totals.filter(({ signature }) => signature === piece.signature);
    const errors = found.reduce((sum, { after }) => sum + after.count, 0);
    return {
      isMet: found.length > 0 && found.every(({ outcome }) => outcome === 'pass'),
      shown:
        found.length === 0
          ? `${piece.signature} not looked for`
          : `${errors} errors of ${piece.signature} since the deployment`,
    };
  });
}

export function judgeByChecks(
  criteria: readonly Criterion[],
  checks: readonly VerifiedCheck[],
): WatchedCriterion[] {
  return judgeBy(criteria, (piece) => {
    if (piece.kind === 'checks') {
      const passed = checks.filter(({ outcome }) => outcome === 'pass').length;
      return {
        isMet: checks.length > 0 && passed === checks.length,
        shown: `${passed} of ${checks.length} checks pass`,
      };
    }
    if (piece.kind !== 'check') return null;
    const outcome = checks.find(({ title }) => title.startsWith(`${piece.number} `))?.outcome ?? 'not run';
    return { isMet: outcome === 'pass', shown: `check ${piece.number}: ${outcome}` };
  });
}

/** A piece that cannot be seen here leaves the box open. */
function judgeBy(
  criteria: readonly Criterion[],
  judge: (piece: Evidence) => Shown | null,
): WatchedCriterion[] {
  return criteria.map(({ title, evidence }) => {
    const pieces = evidence.map(judge);
    const seen = pieces.filter((piece) => piece !== null);
    const isByLog = evidence.some(({ kind }, index) => kind === 'log' && pieces[index] != null);
    const isWhole = isByLog || seen.length === evidence.filter(({ kind }) => kind !== 'log').length;
    const isMet = seen.length > 0 && isWhole && seen.every((piece) => piece.isMet);
    const rest = isWhole && seen.length > 0 ? [] : ['a rehearsal shows the rest'];
    return { title, outcome: isMet ? 'met' : 'open', shown: [...seen.map(({ shown }) => shown), ...rest] };
  });
}
