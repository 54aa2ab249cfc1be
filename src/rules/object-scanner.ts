/** What is known of a text that arrives in pieces: more must come, it is one whole object, or it is something else. */
export type Scanned = 'incomplete' | 'whole' | 'other';

const quote = 0x22;
const backslash = 0x5c;
const byteOrderMark = [0xef, 0xbb, 0xbf];

/** The engine's own: Node's, for buffers, is compiled anew in every process. */
const { indexOf } = Uint8Array.prototype;

/**
 * Tells when the bytes of a JSON text that arrive in pieces are one complete object: agents leave the pipe open, so
 * that its end tells nothing. Each byte is looked at once; whether the text is JSON is left to the parser.
 *
 * @returns takes the next piece, and says what all so far are; white space around the object and one byte order mark
 *   before it are skipped
 * @example const scan = objectScanner(); scan(Buffer.from('{"a":')); scan(Buffer.from('1}')) // 'whole'
 */
export function objectScanner(): (piece: Uint8Array) => Scanned {
  let state: Scanned = 'incomplete';
  let depth = 0;
  /** Bytes before the object. */
  let before = 0;
  let isText = false;
  /** Backslashes right before the piece, within a text. */
  let escapes = 0;

  /** From within a text to behind its end; the quote that ends it has an even number of backslashes before it. */
  const skipText = (piece: Uint8Array, from: number): number => {
    for (let at = from; ; ) {
      const found = indexOf.call(piece, quote, at);
      const end = found < 0 ? piece.length : found;
      let first = end;
      while (first > at && piece[first - 1] === backslash) first -= 1;
      escapes = end - first + (first === at ? escapes : 0);
      if (found < 0) return end;
      at = end + 1;
      isText = escapes % 2 === 1;
      escapes = 0;
      if (!isText) return at;
    }
  };

  /** One byte outside the object. */
  const stepOutside = (byte: number | undefined): void => {
    const isBlank = byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
    if (state === 'incomplete' && byte === 0x7b) depth = 1;
    else if (!isBlank && !(state === 'incomplete' && byteOrderMark[before] === byte)) state = 'other';
    before += 1;
  };

  return (piece) => {
    for (let at = 0; at < piece.length && state !== 'other'; ) {
      if (isText) {
        at = skipText(piece, at);
        continue;
      }
      const byte = piece[at];
      at += 1;
      if (depth === 0) stepOutside(byte);
      else if (byte === quote) isText = true;
      else if (byte === 0x7b || byte === 0x5b) depth += 1;
      else if (byte === 0x7d || byte === 0x5d) {
        depth -= 1;
        if (depth === 0) state = 'whole';
      }
    }
    return state;
  };
}
