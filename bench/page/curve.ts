export interface Curve {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly lines: readonly Line[];
}

export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

const width = 640;
const height = 320;
const plot = { left: 64, right: 16, top: 40, bottom: 56 };
/** Far enough apart for eyes that see fewer colours, on white and on black. */
const colours = ['#0b7fc4', '#d2691e', '#2e9e5b'];

/** A picture that is as legible on a dark page as on a light one: what is not coloured takes the page's own ink. */
export function drawCurve({ title, x, y, lines }: Curve): string {
  const points = lines.flatMap((line) => line.points);
  const xTicks = ticksUpTo(Math.max(...points.map(([at]) => at)));
  const yTicks = ticksUpTo(Math.max(...points.map(([, value]) => value)));
  const xAt = scale(xTicks, plot.left, width - plot.right);
  const yAt = scale(yTicks, height - plot.bottom, plot.top);
  const grid = yTicks.map((tick) =>
    [
      `<line class="grid" x1="${plot.left}" x2="${width - plot.right}" y1="${yAt(tick)}" y2="${yAt(tick)}"/>`,
      `<text x="${plot.left - 8}" y="${yAt(tick) + 4}" text-anchor="end">${shown(tick)}</text>`,
    ].join(''),
  );
  const below = height - plot.bottom + 18;
  const scaleX = xTicks.map((tick) => `<text x="${xAt(tick)}" y="${below}" text-anchor="middle">${shown(tick)}</text>`);
  const drawn = lines.flatMap(({ points }, i) => {
    const at = points.map(([px, py]) => `${xAt(px)},${yAt(py)}`);
    const dots = at.map((pair) => `<circle cx="${pair.split(',')[0]}" cy="${pair.split(',')[1]}" r="3"/>`);
    return [`<g class="line${i}"><polyline points="${at.join(' ')}"/>${dots.join('')}</g>`];
  });
  const names = lines.map(
    ({ name }, i) =>
      `<g class="line${i}"><circle cx="${plot.left + i * 200 + 4}" cy="${height - 12}" r="4"/></g>` +
      `<text x="${plot.left + i * 200 + 14}" y="${height - 8}">${escaped(name)}</text>`,
  );
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">`,
    `<style>${style()}</style>`,
    `<rect class="page" width="${width}" height="${height}"/>`,
    `<text class="title" x="${plot.left}" y="18">${escaped(title)}</text>`,
    `<text x="${plot.left}" y="34">${escaped(y)}</text>`,
    `<text x="${width - plot.right}" y="${below + 14}" text-anchor="end">${escaped(x)}</text>`,
    ...grid,
    ...scaleX,
    ...drawn,
    ...names,
    '</svg>',
  ].join('\n')}\n`;
}

/** From 0 to at least this, in steps that heads can count in. */
export function ticksUpTo(most: number): readonly number[] {
  const rough = Math.max(most, Number.MIN_VALUE) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, i) => Number((i * step).toPrecision(6)));
}

function scale(ticks: readonly number[], from: number, to: number): (value: number) => number {
  const most = ticks.at(-1) ?? 1;
  return (value) => Number((from + (value / most) * (to - from)).toFixed(1));
}

function style(): string {
  const lines = colours.map(
    (colour, i) => `.line${i} polyline{stroke:${colour};fill:none;stroke-width:2.5}.line${i} circle{fill:${colour}}`,
  );
  return [
    'text{font:12px system-ui,sans-serif;fill:#24292f}.title{font-weight:600;font-size:14px}',
    '.page{fill:#fff}.grid{stroke:#d0d7de}',
    ...lines,
    '@media(prefers-color-scheme:dark){text{fill:#e6edf3}.page{fill:#0d1117}.grid{stroke:#30363d}}',
  ].join('');
}

function shown(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 2 });
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
