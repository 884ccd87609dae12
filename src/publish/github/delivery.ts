/** What is told to GitHub, whichever way: a verdict with its words, made elsewhere; and what came of telling it. */
import type { Verdict } from '../../model.js';
import type { Annotation } from '../../report/annotations.js';
import type { Budget } from '../../report/render-comment.js';
import type { Suggestion } from '../../report/suggestions.js';
import type { LinkTo } from './link-places.js';

export interface Delivery {
  readonly verdict: Verdict;
  /** One line of plain text. */
  readonly headline: string;
  /** Markdown that keeps within the budget. */
  readonly renderBody: (budget: Budget) => string;
  /** What the job summary says instead; undefined: the same. */
  readonly summaryLine?: string | undefined;
  readonly annotations: readonly Annotation[];
  /** What could be written instead of names that are not there. */
  readonly suggestions?: readonly Suggestion[] | undefined;
  /** What could not be delivered before the rest was. */
  readonly notes?: readonly Note[] | undefined;
}

/** The same before it is known where a line of the repository can be looked at. */
export interface UnlinkedDelivery extends Omit<Delivery, 'renderBody'> {
  readonly renderBody: (budget: Budget, linkTo: LinkTo) => string;
  /** Whether a FAIL fails the job. */
  readonly isBlocking: boolean;
}

/** A sentence for the summary and the log, about something that was not delivered. */
export interface Note {
  /** `warning`: it was wanted, and somebody can make it work. */
  readonly level: 'info' | 'warning';
  readonly text: string;
}
