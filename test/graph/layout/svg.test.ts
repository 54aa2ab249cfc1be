import { describe, expect, it } from 'vitest';
import { chartGeometry } from '../../../src/graph/layout/chart-geometry.ts';
import type { Geometry } from '../../../src/graph/layout/geometry.ts';
import { renderSvg } from '../../../src/graph/svg/render-svg.ts';
import { palette } from '../../../src/graph/svg/style.ts';
import { score } from './score.ts';

const { all, withoutFailures } = await chartGeometry();
const names = { title: 'A chart', description: 'What it shows' };

/** A box with whatever somebody calls it. */
const called = (label: string): Omit<Geometry, 'chart'> => {
  const place = { x: 0, y: 0, width: 200, height: 40, textLeft: 12 };
  const state = {
    id: label,
    parent: null,
    label,
    type: 'atomic',
    initial: true,
    invokes: [],
    note: '',
    rows: [],
    ...place,
  } as const;
  return { width: 200, height: 40, states: [state], edges: [] };
};

describe('the picture as SVG', () => {
  it.each([all, withoutFailures])('writes every name and every row as text', (geometry) => {
    const svg = renderSvg(geometry, names);
    const texts = [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text = '']) => text);
    const wanted = geometry.states.flatMap(({ label, note, rows }) => [
      label,
      ...(note === '' ? [] : [note]),
      ...rows.flatMap(({ text, targetText }) => [text, targetText]),
    ]);
    expect(texts.sort()).toEqual(wanted.sort());
  });

  it('relies on no font: every text is told how wide it is', () => {
    const svg = renderSvg(all, names);
    const widths = [...svg.matchAll(/<text [^>]*textLength="([\d.]+)"/g)];
    expect(widths.length).toBeGreaterThan(100);
    expect(widths).toHaveLength([...svg.matchAll(/<text /g)].length);
  });

  it('has a course for each line, and an arrow at its end', () => {
    expect([...renderSvg(all, names).matchAll(/<path [^>]*marker-end="url\(#to(-failing)?\)"/g)]).toHaveLength(
      score(all).lines,
    );
  });

  it('says what it is to those who do not see it, and holds neither script nor foreign markup', () => {
    const svg = renderSvg(withoutFailures, names);
    expect(svg).toContain('role="img" aria-labelledby="title desc"');
    expect(svg).toContain('<title id="title">A chart</title>\n<desc id="desc">What it shows</desc>');
    expect(svg).not.toMatch(/<script|foreignObject|href|@import|url\((?!#)/);
  });

  it('takes any name', () => {
    const svg = renderSvg(called('<script>"&\u0000\ud800'), names);
    expect(svg).toContain('>&lt;script&gt;&quot;&amp;\ufffd\ufffd</text>');
  });
});

describe('the colours', () => {
  const channel = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const luminance = (colour: string): number => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) =>
      channel(Number.parseInt(colour.slice(at, at + 2), 16) / 255),
    );
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one: string, other: string): number => {
    const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };

  it.each([
    ['light', 0],
    ['dark', 1],
  ] as const)('of text have the contrast that readers need: %s', (_scheme, at) => {
    for (const text of ['name', 'words', 'way', 'error'] as const) {
      for (const ground of ['box', 'outer', 'inner'] as const) {
        expect(contrast(palette[text][at], palette[ground][at]), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
    expect(contrast(palette.line[at], palette.inner[at]), 'line').toBeGreaterThanOrEqual(3);
  });
});
