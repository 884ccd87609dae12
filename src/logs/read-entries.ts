/** The lines of one log, of whatever form each is → its entries, and what could not be read. */
import { addText, type LogEntry, type OpenEntry } from './log-entry.js';
import { createPrefixReader, knownPrefixes, type PrefixReader } from './log-prefix.js';
import { createTimeReader } from './log-time.js';
import { DamagedLog, type LogLine, openLog } from './open-log.js';
import { csvStart, readCsv } from './read-csv.js';
import { jsonStart, readJson } from './read-json.js';

export interface LogSettings {
  /** null: one of the known ones. */
  readonly prefix: string | null;
  /** What the server's log_timezone is, where its abbreviation does not say. */
  readonly zone: string | null;
}

export interface LogReading {
  readonly lines: number;
  /** Entries by form: `stderr`, `csvlog`, `jsonlog`. */
  readonly forms: ReadonlyMap<string, number>;
  /** Of the earliest and the latest entry; null: there is none. */
  readonly from: number | null;
  readonly to: number | null;
  readonly problems: readonly string[];
}

/** Lines that begin what goes with a message. */
const additions = new Set(['DETAIL', 'HINT', 'QUERY', 'CONTEXT', 'STATEMENT', 'LOCATION', 'BACKTRACE']);
const severities = new Set([
  ...['DEBUG', 'DEBUG1', 'DEBUG2', 'DEBUG3', 'DEBUG4', 'DEBUG5', 'INFO', 'NOTICE', 'WARNING'],
  ...['LOG', 'ERROR', 'FATAL', 'PANIC'],
]);

/** Messages of processes whose lines come in between: more than write at once in the middle of a message. */
const mostOpen = 200;
/** Of a thousand lines so many may be of no known form: what a library writes, or the rest of a rotated message. */
const mostUnknown = 10;

/** Memory is bounded by the longest line. Throws a UserError where the file or its times cannot be read at all. */
export async function readEntries(
  path: string,
  settings: LogSettings,
  take: (entry: LogEntry) => void,
): Promise<LogReading> {
  const readTime = createTimeReader(settings.zone);
  const readPrefix = prefixReaders(settings.prefix);
  const open = new Map<string, OpenEntry>();
  const forms = new Map<string, number>();
  const problems: string[] = [];
  let lines = 0;
  let unknown = 0;
  let firstUnknown = 0;
  let foreign = 0;
  let from: number | null = null;
  let to: number | null = null;
  let last: { entry: OpenEntry; key: 'message' | 'context' | 'statement' | null } | null = null;
  let record: { text: string; isOdd: boolean; number: number; lines: number } | null = null;

  const emit = (form: string, entry: LogEntry) => {
    forms.set(form, (forms.get(form) ?? 0) + 1);
    if (from === null || entry.at < from) from = entry.at;
    if (to === null || entry.at > to) to = entry.at;
    if (form === 'stderr' && !severities.has(entry.severity)) foreign += 1;
    take(entry);
  };
  const flush = (process: string) => {
    const entry = open.get(process);
    if (entry === undefined) return;
    open.delete(process);
    emit('stderr', entry);
  };
  const notUnderstood = (line: LogLine) => {
    unknown += 1;
    if (firstUnknown === 0) firstUnknown = line.number;
  };
  const closeRecord = (line: LogLine) => {
    const entry = record === null ? null : readCsv(record.text, readTime);
    record = null;
    last = null;
    if (entry === null) notUnderstood(line);
    else emit('csvlog', entry);
  };
  const readPrefixed = (line: LogLine): boolean => {
    const found = readPrefix(line.text);
    if (found === null) return false;
    const at = found.epoch ?? readTime(found.time ?? '');
    if (at === null) return false;
    const { process, severity, message } = found;
    const addTo = open.get(process);
    if (additions.has(severity)) {
      if (addTo === undefined) {
        last = null;
      } else if (severity === 'STATEMENT') {
        addTo.statement = message;
        last = { entry: addTo, key: 'statement' };
      } else if (severity === 'CONTEXT' || severity === 'QUERY') {
        addTo.context = addText(addTo.context, message);
        last = { entry: addTo, key: 'context' };
      } else {
        last = { entry: addTo, key: null };
      }
      return true;
    }
    flush(process);
    if (open.size >= mostOpen) flush(open.keys().next().value as string);
    const entry: OpenEntry = {
      at,
      severity,
      sqlstate: found.sqlstate,
      database: found.database,
      message,
      context: '',
      statement: null,
    };
    open.set(process, entry);
    last = { entry, key: 'message' };
    return true;
  };
  const readLine = (line: LogLine) => {
    const { text } = line;
    if (record !== null) {
      record.text = addText(record.text, text);
      record.isOdd = record.isOdd !== line.hasOddQuotes;
      record.lines += 1;
      if (!record.isOdd) closeRecord(line);
      return;
    }
    if (text.startsWith('\t')) {
      if (last === null) notUnderstood(line);
      else if (last.key !== null) last.entry[last.key] = addText(last.entry[last.key] ?? '', text.slice(1));
      return;
    }
    if (text.trim() === '') return;
    if (settings.prefix !== null && readPrefixed(line)) return;
    if (text.startsWith(jsonStart)) {
      const entry = readJson(text, readTime);
      last = null;
      if (entry === null) notUnderstood(line);
      else emit('jsonlog', entry);
      return;
    }
    if (csvStart.test(text)) {
      record = { text, isOdd: line.hasOddQuotes, number: line.number, lines: 1 };
      if (!record.isOdd) closeRecord(line);
      return;
    }
    if (settings.prefix === null && readPrefixed(line)) return;
    last = null;
    if (line.isWhole) notUnderstood(line);
  };

  try {
    for await (const line of openLog(path)) {
      lines = line.number;
      readLine(line);
    }
  } catch (error: unknown) {
    if (!(error instanceof DamagedLog)) throw error;
    problems.push(`${error.message}. What came after it was not seen.`);
  }
  for (const process of [...open.keys()]) flush(process);
  const cut = record as { number: number; lines: number } | null;
  if (cut !== null && cut.lines > 1) {
    problems.push(
      `${path}:${cut.number}: a quote is never closed, so ${cut.lines} lines to the end of the file are one record. Cut the file before that line, or after it.`,
    );
  }
  const entries = [...forms.values()].reduce((sum, count) => sum + count, 0);
  if (entries === 0) {
    problems.push(
      lines === 0
        ? `${path} is empty.`
        : `${path} holds no line of a Postgres log in a form that is known here. Give log-line-prefix where the server has one of its own, or take the csvlog or the jsonlog.`,
    );
  } else if (unknown * 1000 > lines * mostUnknown) {
    problems.push(
      `${path}: ${unknown} of ${lines} lines are of no known form, the first is line ${firstUnknown}. An error may be among them: give log-line-prefix, or a log of Postgres alone.`,
    );
  }
  if (foreign > 0) {
    problems.push(
      `${path}: ${foreign} messages are in another language than English, in which stderr logs cannot be read. Take the csvlog or the jsonlog, or set lc_messages to C.`,
    );
  }
  return { lines, forms, from, to, problems };
}

function prefixReaders(prefix: string | null): PrefixReader {
  const readers = (prefix === null ? knownPrefixes : [prefix]).map(createPrefixReader);
  // The lines of one log have one prefix: what read the last line is asked first.
  return (line) => {
    for (const [index, read] of readers.entries()) {
      const found = read(line);
      if (found === null) continue;
      if (index > 0) readers.unshift(...readers.splice(index, 1));
      return found;
    }
    return null;
  };
}

/** Throws what an unusable prefix throws, before any file is opened. */
export function assertUsable({ prefix }: LogSettings): void {
  if (prefix !== null) createPrefixReader(prefix);
}
