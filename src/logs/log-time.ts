/** A time as Postgres writes it into a log, with the zone's abbreviation → a moment, or why it is none. */
import { UserError } from '../errors.js';

/** `2026-11-26 21:10:00.123 CET`, `2026-11-26 21:10:00 +03`. */
export const timePattern = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? (?:[A-Za-z]+|[+-]\d\d(?::?\d\d)?)`;

/** Minutes east of UTC of the abbreviations that mean one thing in the time zone database. */
const offsets: Readonly<Record<string, number>> = {
  ...{ UTC: 0, GMT: 0, UCT: 0, Z: 0, WET: 0, WEST: 60, BST: 60, CET: 60, CEST: 120, EET: 120, EEST: 180 },
  ...{ MSK: 180, TRT: 180, SAST: 120, CAT: 120, EAT: 180, WAT: 60, IDT: 180, PKT: 300 },
  ...{ HKT: 480, AWST: 480, JST: 540, KST: 540, ACST: 570, ACDT: 630, AEST: 600, AEDT: 660 },
  ...{ NZST: 720, NZDT: 780, WIB: 420, WITA: 480, WIT: 540, HST: -600, AKST: -540, AKDT: -480 },
  ...{ PDT: -420, MST: -420, MDT: -360, EST: -300, EDT: -240, AST: -240, ADT: -180, NST: -210, NDT: -150 },
};

/** `zone`: what the user says, an IANA name, or null. The reader throws a UserError for a zone that may be several. */
export function createTimeReader(zone: string | null): (text: string) => number | null {
  const offsetIn = zone === null ? null : zoneReader(zone);
  return (text) => {
    const found = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,3})\d*)? (\S+)$/.exec(text);
    if (found === null) return null;
    const [, year, month, day, hour, minute, second, fraction = '0', abbreviation = ''] = found;
    const local = Date.UTC(
      Number(year),
      Number(month) - 1,
      Number(day),
      Number(hour),
      Number(minute),
      Number(second),
      Number(fraction.padEnd(3, '0')),
    );
    const offset = numericOffset(abbreviation) ?? offsetIn?.(local) ?? offsets[abbreviation];
    if (offset === undefined) throw unclear(abbreviation);
    return local - offset * 60_000;
  };
}

/** `+03`, `-0330` and `+05:45`, east of UTC. */
function numericOffset(text: string): number | null {
  const [, sign, hours, minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(text) ?? [];
  if (sign === undefined) return null;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

function unclear(abbreviation: string): UserError {
  return new UserError(
    `logs: the times are in the zone ${abbreviation}, which may be any of several, or none that is known here. Give the server's log_timezone as log-timezone, America/Chicago for instance.`,
  );
}

/** Local time, as if it were UTC → minutes east of UTC. A zone changes on the hour, or not within it. */
function zoneReader(zone: string): (local: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
  } as Intl.DateTimeFormatOptions);
  const offsetAt = (moment: number) => {
    const part = Object.fromEntries(
      format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = part;
    const shown = Date.UTC(year, month - 1, day, hour, minute);
    return (shown - Math.floor(moment / 60_000) * 60_000) / 60_000;
  };
  const known = new Map<number, number>();
  return (local) => {
    const quarter = Math.floor(local / 900_000);
    const seen = known.get(quarter);
    if (seen !== undefined) return seen;
    const offset = offsetAt(local - offsetAt(local) * 60_000);
    if (known.size > 100_000) known.clear();
    known.set(quarter, offset);
    return offset;
  };
}
