import { textWidth } from '../layout/metrics.ts';

/** What an attribute can be. */
type Attributes = Readonly<Record<string, string | number>>;

/**
 * One element.
 *
 * @param name - its tag
 * @param attributes - in order
 * @param content - markup, already escaped
 */
export function element(name: string, attributes: Attributes, content = ''): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
  return content === '' ? `<${name}${written.join('')}/>` : `<${name}${written.join('')}>${content}</${name}>`;
}

/**
 * One line of text, exactly as wide as {@link textWidth} says, whatever font draws it.
 *
 * @param text - what is written
 * @param at - class, size in pixels, and where it begins on its base line
 */
export function textElement(text: string, at: { class: string; x: number; y: number; size: number }): string {
  if (text === '') return '';
  const attributes = { x: at.x, y: at.y, 'font-size': at.size, textLength: round(textWidth(text, at.size)) };
  return element('text', at.class === '' ? attributes : { class: at.class, ...attributes }, escaped(text));
}

/** Pixels as they are written. */
export const round = (pixels: number): number => Math.round(pixels * 10) / 10;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text as XML takes it; characters that XML has none of become the replacement character. */
export const escaped = (text: string): string =>
  text
    .replace(/\p{Surrogate}/gu, '\ufffd')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"]/g, (character) => entities[character] ?? character);
