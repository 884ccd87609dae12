/** What a row of a check expects and what it found, in words → whether both cannot be true, whatever the row says of itself. */

/** Two numbers of the same, `no member twice` and `5 members twice`; or two of what is on or off. */
export function contradicts(expected: string, actual: string): boolean {
  const [one, other] = [readNumber(expected), readNumber(actual)];
  if (one !== null && other !== null) return one.what === other.what && one.number !== other.number;
  const [wanted, found] = [readSwitch(expected), readSwitch(actual)];
  return wanted !== null && found !== null && wanted !== found;
}

function readNumber(text: string): { readonly number: number; readonly what: string } | null {
  const [, written = '', what = ''] =
    /^\s*(no|none|nothing|zero|\d[\d,]*(?:\.\d+)?)(?![\w.,-])\s*(.*?)\s*$/is.exec(text) ?? [];
  if (written === '') return null;
  const number = /^\d/.test(written) ? Number(written.replaceAll(',', '')) : 0;
  return {
    number,
    what: what
      .toLowerCase()
      .replace(/ies\b/g, 'y')
      .replace(/(?<=\w{2})s\b/g, ''),
  };
}

function readSwitch(text: string): boolean | null {
  const word = text.trim().toLowerCase();
  if (/^(true|on|yes|enabled)$/.test(word)) return true;
  return /^(false|off|no|disabled)$/.test(word) ? false : null;
}
