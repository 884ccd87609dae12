/** Takes rows of a table and gives each distinct one once, in order of first sight, with how often it was there. */
export function tallyRows(
  rows: readonly (readonly string[])[],
): { readonly cells: readonly string[]; readonly times: number }[] {
  const seen = new Map<string, { cells: readonly string[]; times: number }>();
  for (const cells of rows) {
    const key = JSON.stringify(cells);
    const known = seen.get(key);
    if (known === undefined) seen.set(key, { cells, times: 1 });
    else known.times += 1;
  }
  return [...seen.values()];
}
