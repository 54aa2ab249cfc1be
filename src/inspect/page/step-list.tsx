import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import { useEffect, useReducer, useRef, useState } from 'preact/hooks';
import { durationWords, eventWords, shortName } from '../model/words.ts';
import type { StepRecord } from '../recording/format.ts';
import { useSize } from './use-size.ts';

/** Height of a row, pixels. */
const rowHeight = 30;

interface StepListProps {
  readonly label: string;
  readonly steps: readonly StepRecord[];
  readonly step: number;
  readonly onGo: (step: number) => void;
  /** Index of the step that is marked as the first that differs. */
  readonly differs?: number | null;
}

/** Every step as a line; only those that can be seen are in the document. */
export function StepList({ label, steps, step, onGo, differs = null }: StepListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtual(scroller, steps.length);
  // Where it was hidden it could not scroll.
  const { height } = useSize(scroller);
  useEffect(() => rows?.scrollToIndex(step, { align: 'auto' }), [rows, step, height]);
  const id = (index: number): string => `${label.replaceAll(/\W/g, '-')}-${index}`;
  return (
    <div
      class="steps"
      ref={scroller}
      role="listbox"
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={steps.length > 0 ? id(step) : undefined}
    >
      <div role="presentation" style={{ height: `${rows?.getTotalSize() ?? 0}px` }}>
        {rows?.getVirtualItems().map(({ index, start }) => {
          const one = steps[index];
          if (one === undefined) return null;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the arrow keys move through the list
            <div
              key={index}
              id={id(index)}
              role="option"
              tabIndex={-1}
              aria-selected={index === step}
              aria-setsize={steps.length}
              aria-posinset={index + 1}
              class={`line${one.code === undefined ? '' : ' failed'}${index === differs ? ' differs' : ''}`}
              style={{ transform: `translateY(${start}px)`, height: `${rowHeight}px` }}
              onClick={() => onGo(index)}
            >
              <span class="number">{index + 1}</span>
              <span class="what">{eventWords(one)}</span>
              <span class="where">{shortName(one.to)}</span>
              <span class="when">{index === differs ? 'first difference' : sinceBefore(steps, index)}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
}

const sinceBefore = (steps: readonly StepRecord[], index: number): string =>
  index === 0 ? '' : `+${durationWords(Math.max(0, (steps[index]?.t ?? 0) - (steps[index - 1]?.t ?? 0)))}`;

/** The rows of a long list that can be seen; undefined until the list is there. */
function useVirtual(
  scroller: { readonly current: HTMLDivElement | null },
  count: number,
): Virtualizer<HTMLDivElement, Element> | undefined {
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  const [virtual, setVirtual] = useState<Virtualizer<HTMLDivElement, Element>>();
  const options = {
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => redraw(undefined),
  };
  virtual?.setOptions(options);
  useEffect(() => {
    const made = new Virtualizer<HTMLDivElement, Element>(options);
    const end = made._didMount();
    made._willUpdate();
    setVirtual(made);
    return end;
  }, []);
  useEffect(() => virtual?._willUpdate());
  return virtual;
}
