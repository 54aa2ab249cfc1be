import { useState } from 'preact/hooks';

/** Most entries and letters of a value that are shown before somebody asks for more. */
const most = { entries: 50, letters: 400 } as const;

interface ValueProps {
  readonly value: unknown;
  /** How many levels are open. */
  readonly open?: number;
}

/** Any JSON value: nested ones open and close, long ones are cut until they are asked for. */
export function ValueView({ value, open = 2 }: ValueProps) {
  if (typeof value === 'string') return <LongText text={value} />;
  if (typeof value !== 'object' || value === null) return <code class={`value ${typeof value}`}>{String(value)}</code>;
  const entries = Object.entries(value);
  const [before, after] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  if (entries.length === 0) return <code class="value">{`${before}${after}`}</code>;
  return <Entries entries={entries} open={open} isList={Array.isArray(value)} />;
}

function Entries({ entries, open, isList }: { entries: [string, unknown][]; open: number; isList: boolean }) {
  const [count, setCount] = useState<number>(most.entries);
  const [isOpen, setOpen] = useState(open > 0);
  return (
    <details class="value" open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{countOf(entries.length, isList)}</summary>
      {isOpen && (
        <dl>
          {entries.slice(0, count).map(([key, inner]) => (
            <div key={key}>
              <dt>{key}</dt>
              <dd>
                <ValueView value={inner} open={open - 1} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {isOpen && entries.length > count && (
        <button type="button" onClick={() => setCount(count * 4)}>{`${entries.length - count} more`}</button>
      )}
    </details>
  );
}

function LongText({ text }: { text: string }) {
  const [isWhole, setWhole] = useState(text.length <= most.letters);
  return (
    <>
      <code class="value string">{JSON.stringify(isWhole ? text : text.slice(0, most.letters))}</code>
      {!isWhole && (
        <button type="button" onClick={() => setWhole(true)}>{`${text.length - most.letters} letters more`}</button>
      )}
    </>
  );
}

function countOf(count: number, isList: boolean): string {
  const word = isList ? 'entr' : 'field';
  const [one, many] = isList ? ['y', 'ies'] : ['', 's'];
  return `${count} ${word}${count === 1 ? one : many}`;
}
