/** The sections of a fix and who waited for it, drawn to scale. */
import type { ApplyResult, Report } from '../../model.js';
import { shorten } from '../escape.js';
import { type Bar, findSlowest, layTimeline } from '../timeline.js';
import { duration } from '../words.js';
import { html, type Markup } from './markup.js';

export function renderTimeline(report: Report): Markup | null {
  const slowest = findSlowest(report);
  if (slowest === null) return null;
  const which = report.subjects.length === 1 ? '' : `, on ${slowest.name}, which took longest`;
  return html`<section id="timeline"><h2>Sections, and who waited${which}</h2>${drawTimeline(slowest.apply)}</section>`;
}

/** In the units of the drawing. */
const [width, labels, row] = [960, 300, 22];
const longestLabel = 42;

export function drawTimeline(apply: ApplyResult): Markup {
  const { end, lanes } = layTimeline(apply);
  const scale = (width - labels) / Math.max(end, 1);
  const rows = lanes.flatMap(({ title, bars }) => [
    { title, bar: null },
    ...bars.map((bar) => ({ title, bar })),
  ]);
  const height = rows.length * row + row;
  return html`<div class="wide"><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Timeline of ${duration(end)}" class="timeline">${rows.map(
    ({ title, bar }, index) => {
      const y = index * row;
      if (bar === null) return html`<text x="0" y="${y + 16}" class="lane">${title}</text>`;
      return drawBar(bar, {
        y,
        scale,
        kind: title === 'Sections' ? 'section' : title === 'Readers wait' ? 'readers' : 'writers',
      });
    },
  )}<text x="${labels}" y="${height - 6}">0</text><text x="${width}" y="${height - 6}" text-anchor="end">${duration(end)}</text></svg></div>`;
}

interface Place {
  readonly y: number;
  readonly scale: number;
  readonly kind: string;
}

function drawBar({ label, begin, end }: Bar, { y, scale, kind }: Place): Markup {
  const wide = Math.max(2, Math.round((end - begin) * scale));
  return html`<g><title>${label}: ${duration(end - begin)}, from ${duration(begin)} on</title><text x="0" y="${y + 16}">${shorten(label, longestLabel)}</text><rect x="${labels + Math.round(begin * scale)}" y="${y + 4}" width="${wide}" height="${row - 6}" rx="3" class="${kind}"/></g>`;
}
