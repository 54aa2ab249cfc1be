import type { OpenRun } from '../model/open-run.ts';
import { durationWords, eventWords } from '../model/words.ts';
import type { PageEvent } from './state.ts';

interface TransportProps {
  readonly run: OpenRun;
  readonly step: number;
  readonly playing: boolean;
  readonly follow: boolean;
  readonly isLive: boolean;
  readonly dispatch: (event: PageEvent) => void;
}

/** What moves through a run: buttons, and a slider from its first step to its last. */
export function Transport({ run, step, playing, follow, isLive, dispatch }: TransportProps) {
  const last = Math.max(0, run.steps.length - 1);
  const one = run.steps[step];
  const words = one === undefined ? 'no step' : `step ${step + 1} of ${last + 1}: ${eventWords(one)}, in ${one.to}`;
  return (
    <div class="transport">
      <fieldset aria-label="Move through the run">
        <button
          type="button"
          aria-label="First step"
          disabled={step === 0}
          onClick={() => dispatch({ type: 'go', to: 0 })}
        >
          <Icon d="M4 3v10M13 3 6 8l7 5z" />
        </button>
        <button
          type="button"
          aria-label="Step before"
          disabled={step === 0}
          onClick={() => dispatch({ type: 'move', by: -1 })}
        >
          <Icon d="M11 3 5 8l6 5z" />
        </button>
        <button
          type="button"
          aria-label={playing ? 'Pause' : 'Play'}
          onClick={() => dispatch({ type: 'set', to: { playing: !playing } })}
        >
          <Icon d={playing ? 'M5 3v10M11 3v10' : 'M4 2.5v11l9-5.5z'} />
        </button>
        <button
          type="button"
          aria-label="Next step"
          disabled={step === last}
          onClick={() => dispatch({ type: 'move', by: 1 })}
        >
          <Icon d="m5 3 6 5-6 5z" />
        </button>
        <button
          type="button"
          aria-label="Last step"
          disabled={step === last}
          onClick={() => dispatch({ type: 'go', to: last })}
        >
          <Icon d="M12 3v10M3 3l7 5-7 5z" />
        </button>
      </fieldset>
      <input
        type="range"
        aria-label="Step"
        aria-valuetext={words}
        min={0}
        max={last}
        value={step}
        onInput={({ currentTarget }) => dispatch({ type: 'go', to: Number(currentTarget.value) })}
        onKeyDown={(event) =>
          ['ArrowLeft', 'ArrowRight', 'Home', 'End', 'PageUp', 'PageDown'].includes(event.key) && event.preventDefault()
        }
      />
      <output class="position">{`${step + 1} / ${last + 1}`}</output>
      <span class="muted clock">{durationWords(one?.t ?? 0)}</span>
      {isLive && (
        <label class="follow">
          <input
            type="checkbox"
            checked={follow}
            onChange={({ currentTarget }) => dispatch({ type: 'set', to: { follow: currentTarget.checked } })}
          />
          Follow
        </label>
      )}
      <p class="hidden" aria-live="polite">
        {playing ? '' : words}
      </p>
    </div>
  );
}

const Icon = ({ d }: { d: string }) => (
  <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" class="icon">
    <path d={d} />
  </svg>
);
