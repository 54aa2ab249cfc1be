import type { GeometryRow, GeometryState } from '../layout/geometry.ts';
import { metrics, textWidth } from '../layout/metrics.ts';
import { element, round, textElement } from './elements.ts';

/**
 * A state's box, without what is written in it. A final state has a second frame, one of parallel states a dashed one.
 *
 * @param state - the state
 * @param depth - how many states it is in
 */
export function drawBox({ x, y, width, height, type }: GeometryState, depth: number): string {
  const holds = type === 'compound' || type === 'parallel';
  const look = { ...(holds ? { class: depth === 0 ? 'outer' : 'inner' } : {}), x, y, width, height, rx: 7 };
  const box = element('rect', type === 'parallel' ? { ...look, 'stroke-dasharray': '6 4' } : look);
  if (type !== 'final') return box;
  const ring = { class: 'ring', x: x + 3, y: y + 3, width: round(width - 6), height: round(height - 6), rx: 4 };
  return box + element('rect', ring);
}

/**
 * What is written in a state's box: its name, which actors it runs where they are called otherwise, its transitions.
 *
 * @param state - the state
 */
export function drawText({ textLeft: left, y, label, note, initial, type, rows }: GeometryState): string {
  const line = round(y + 20);
  const name = textElement(label, {
    class: 'name',
    x: round(left + (initial ? metrics.mark : 0)),
    y: line,
    size: metrics.label,
  });
  const parts = [
    initial ? entryMark(left, line - 4.5) : '',
    name,
    textElement(note, { class: '', x: left, y: round(y + metrics.header + 6), size: metrics.note }),
    ...rows.map((row) => drawRow(row, left)),
  ];
  return element('g', { class: type }, parts.join(''));
}

/** A dot with an arrow, before the name of the state that is entered first. */
const entryMark = (x: number, y: number): string =>
  element('circle', { class: 'dot', cx: round(x + 3), cy: round(y), r: 3 }) +
  element('path', { class: 'enter', d: `M${round(x + 5)} ${round(y)}h7m-3 -3l3 3l-3 3` });

function drawRow({ text, targetText, failure, y }: GeometryRow, left: number): string {
  const line = round(y + 13);
  const middle = left + textWidth(text, metrics.text) + metrics.arrow / 2;
  const parts = [textElement(text, { class: failure ? 'error' : '', x: left, y: line, size: metrics.text })];
  if (targetText !== '') {
    const tip = `M${round(middle - 4)} ${round(line - 7.5)}l7 3.5l-7 3.5z`;
    parts.push(element('path', { class: 'tip', d: tip }));
    const x = round(middle + metrics.arrow / 2);
    parts.push(textElement(targetText, { class: 'way', x, y: line, size: metrics.text }));
  }
  return failure ? element('g', { class: 'error' }, parts.join('')) : parts.join('');
}
