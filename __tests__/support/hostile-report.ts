/** A report in which every text that comes from a database, a bundle or a person tries to be more than text. */
import type { Report } from '../../src/model.js';

export const hostile = `</script></style><script>window.seized = 1</script><img src=x onerror="window.seized = 2">" onclick='window.seized = 3' &lt;`;

const texts = new Set(
  'title name object expected actual reason message detail hint advice snippet inner path table facts person row relation what remedy text before after digest version key role who actor'.split(
    ' ',
  ),
);

export function seize(report: Report): Report {
  return JSON.parse(
    JSON.stringify(report, (key: string, value: unknown) =>
      typeof value === 'string' && texts.has(key) ? `${value}${hostile}` : value,
    ),
  ) as Report;
}
