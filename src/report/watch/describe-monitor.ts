/** What the logs say of a deployment → the page of it. */
import type {
  Attempts,
  Before,
  MonitorReport,
  MonitorResult,
  RateTotal,
  Signature,
  SignatureTotal,
  Timing,
} from '../../watched.js';
import { count, counted, duration } from '../words.js';
import { criteriaBlock } from './criteria-block.js';
import { type Block, type Page, verdictWords } from './page.js';

const names: Readonly<Record<Signature, string>> = {
  '42501': '403 forbidden (42501)',
  '23505': '409 conflict (23505)',
  '23503': '409 foreign key (23503)',
  '42P17': '500 infinite recursion (42P17)',
  other: 'any other error',
};

export function describeMonitor(report: MonitorReport): Page {
  const { monitor, verdict, milliseconds, bundle } = report;
  return {
    word: verdictWords[verdict],
    rest: sayRest(report),
    blocks: [
      reasonsBlock(monitor),
      metricsBlock(monitor),
      barsBlock(monitor),
      groupsBlock(monitor),
      timingsBlock(monitor),
      criteriaBlock(report.criteria),
      sourcesBlock(monitor),
    ].filter((block) => block !== null),
    footer: [
      bundle.title,
      `deployed at ${sayMoment(Date.parse(monitor.deployedAt))}`,
      duration(milliseconds),
    ],
  };
}

function sayRest({ monitor, verdict }: MonitorReport): string {
  const hours = `${sayHours(monitor.hoursAfter)} after the deployment`;
  if (verdict === 'pass') return `, nothing is wrong in the ${hours}`;
  if (verdict === 'not proven')
    return `: ${(monitor.reasons[0] ?? 'no reason was given').replace(/\.(\s.*)?$/s, '')}`;
  const [first, ...others] = [
    ...monitor.rates.filter(isFailed).map((rate) => `${rate.title} is ${sayPercent(rate.after)}`),
    ...monitor.signatures
      .filter(isFailed)
      .map(({ signature, after }) => `${counted(after.count, 'error')} of ${names[signature]}`),
    ...monitor.slowest.filter(isFailed).map(() => 'a statement is slower than it may be'),
  ];
  const more = others.length === 0 ? '' : `, and ${counted(others.length, 'more failure')}`;
  return `, ${first} in the ${hours}${more}`;
}

const isFailed = ({ outcome }: { readonly outcome: string }) => outcome === 'fail';

function reasonsBlock({ reasons }: MonitorResult): Block | null {
  return reasons.length === 0 ? null : { kind: 'lines', title: 'What is missing to a proof', lines: reasons };
}

function metricsBlock({ rates, signatures }: MonitorResult): Block {
  return {
    kind: 'table',
    title: 'Before the deployment → after it',
    columns: [
      { title: '', kind: 'verdict' },
      { title: 'What', kind: 'text' },
      { title: 'Before', kind: 'number' },
      { title: 'After', kind: 'number' },
      { title: 'Has to be', kind: 'text' },
      { title: 'By', kind: 'text' },
    ],
    rows: [...rates.map(rateRow), ...signatures.map(signatureRow)],
    note: null,
  };
}

function rateRow({ outcome, title, before, after, limit, source }: RateTotal): string[] {
  return [verdictWords[outcome], title, sayPercent(before), sayPercent(after), `${limit} % at least`, source];
}

function sayPercent({ done, failed }: Attempts): string {
  const all = done + failed;
  if (all === 0) return 'nothing was tried';
  // Never rounded up to the whole: 9,999 of 10,000 are not all.
  const percent = Math.floor((done / all) * 1000) / 10;
  return `${percent} % (${count(done)} of ${count(all)})`;
}

function signatureRow({ outcome, signature, before, after, limit, source }: SignatureTotal): string[] {
  const most = limit === 0 ? 'none' : `${limit} an hour at most`;
  return [verdictWords[outcome], names[signature], sayRate(before), sayRate(after), most, source];
}

function sayRate({ count: number, perHour }: Before): string {
  if (perHour === null) return 'not seen';
  const rate = perHour === 0 || perHour >= 10 ? count(Math.round(perHour)) : perHour.toFixed(1);
  return `${rate} an hour (${count(number)})`;
}

function barsBlock({ chart, deployedAt }: MonitorResult): Block | null {
  if (chart === null || chart.errors.every((errors) => errors === 0)) return null;
  return {
    kind: 'bars',
    title: `Errors, each bar ${sayHours(chart.minutes / 60)}; deployed ${sayMoment(Date.parse(deployedAt))}`,
    labels: chart.errors.map((_, index) => sayClock(chart.from + index * chart.minutes * 60_000)),
    values: chart.errors,
    axis: 'errors',
  };
}

function groupsBlock({ groups, groupsLeft }: MonitorResult): Block | null {
  if (groups.length === 0) return null;
  return {
    kind: 'table',
    title: 'Errors by statement and table',
    columns: [
      { title: 'Code', kind: 'code' },
      { title: 'Tables', kind: 'code' },
      { title: 'Statement, without values', kind: 'code' },
      { title: 'Before', kind: 'number' },
      { title: 'After', kind: 'number' },
      { title: '', kind: 'text' },
    ],
    rows: groups.map(({ code, tables, statement, before, after, isExpected }) => [
      code ?? 'unknown',
      tables.join(', '),
      statement,
      count(before),
      count(after),
      isExpected ? 'expected' : '',
    ]),
    note: groupsLeft === 0 ? null : `… and ${counted(groupsLeft, 'more kind')}`,
  };
}

function timingsBlock({ slowest }: MonitorResult): Block | null {
  if (slowest.length === 0) return null;
  return {
    kind: 'table',
    title: 'The slowest statements, in the mean',
    columns: [
      { title: '', kind: 'verdict' },
      { title: 'Statement, without values', kind: 'code' },
      { title: 'Before', kind: 'number' },
      { title: 'After', kind: 'number' },
      { title: 'By', kind: 'text' },
    ],
    rows: slowest.map(({ outcome, statement, before, after, source }) => [
      verdictWords[outcome],
      statement,
      sayTiming(before),
      sayTiming(after),
      source,
    ]),
    note: null,
  };
}

function sayTiming({ calls, mean }: Timing): string {
  if (mean === null) return 'not called';
  return `${mean < 10 ? `${mean.toFixed(2)} ms` : duration(mean)} (${counted(calls, 'call')})`;
}

function sourcesBlock({ sources }: MonitorResult): Block {
  return {
    kind: 'lines',
    title: 'Where it was looked',
    lines: sources.map(({ name, said, from, to }) => {
      const span =
        from === null || to === null ? 'nothing was seen' : `${sayMoment(from)} to ${sayMoment(to)}`;
      return `${name}: ${said}; ${span}`;
    }),
  };
}

export function sayMoment(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function sayClock(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(11, 16);
}

/** `2.5 hours`, `12 minutes`. */
function sayHours(hours: number): string {
  const minutes = Math.round(hours * 60);
  if (minutes < 60) return counted(minutes, 'minute');
  return minutes === 60 ? '1 hour' : `${Number(hours.toFixed(1))} hours`;
}
