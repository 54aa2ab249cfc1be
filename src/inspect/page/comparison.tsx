import diff from 'microdiff';
import { useMemo } from 'preact/hooks';
import type { OpenRun } from '../model/open-run.ts';
import { firstDifference } from '../recording/first-difference.ts';
import { StepList } from './step-list.tsx';

interface ComparisonProps {
  readonly left: OpenRun;
  readonly right: OpenRun;
  readonly names: readonly [string, string];
  readonly step: number;
  readonly onGo: (step: number) => void;
  readonly onEnd: () => void;
}

/** Two runs side by side, with the first difference marked. */
export function Comparison({ left, right, names, step, onGo, onEnd }: ComparisonProps) {
  const differs = useMemo(() => firstDifference(left.recording, right.recording)?.index ?? null, [left, right]);
  return (
    <section class="comparison" aria-label="Comparison">
      <h2 class="hidden">Comparison</h2>
      <header>
        <p>
          {differs === null ? (
            'Both went the same way.'
          ) : (
            <>
              {'They first differ at '}
              <button type="button" class="link" onClick={() => onGo(differs)}>{`step ${differs + 1}`}</button>
              {differs === 0 ? '.' : ` of ${Math.max(left.steps.length, right.steps.length)}.`}
            </>
          )}
        </p>
        <button type="button" onClick={onEnd}>
          End comparison
        </button>
      </header>
      {differs !== null && <Difference left={left.steps[differs]} right={right.steps[differs]} />}
      <div class="sides">
        {[left, right].map((run, side) => (
          <div key={side === 0 ? 'left' : 'right'}>
            <h3>{names[side]}</h3>
            <StepList
              label={`${side === 0 ? 'Steps' : 'Steps of the other run'}: ${names[side]}`}
              steps={run.steps}
              step={Math.min(step, run.steps.length - 1)}
              onGo={onGo}
              differs={differs}
            />
          </div>
        ))}
      </div>
    </section>
  );
}

type Step = OpenRun['steps'][number] | undefined;

/** What of a step counts when two are compared; times and numbers do not. */
const told = (step: Step) =>
  step === undefined
    ? { step: 'none' }
    : {
        event: step.event,
        from: step.from,
        to: step.to,
        code: step.code,
        guards: Object.fromEntries(step.guards.map(({ name, passed }) => [name, passed])),
        output: step.output,
      };

function Difference({ left, right }: { left: Step; right: Step }) {
  const all = diff(told(left) as Record<string, unknown>, told(right) as Record<string, unknown>);
  return (
    <ul class="difference" aria-label="What differs there">
      {all.slice(0, 6).map((one) => (
        <li key={one.path.join('.')}>
          <span class="muted">{`${one.path.join(' ')}: `}</span>
          <del>{one.type === 'CREATE' ? 'none' : text(one.oldValue)}</del>
          <ins>{one.type === 'REMOVE' ? 'none' : text(one.value)}</ins>
        </li>
      ))}
    </ul>
  );
}

const text = (value: unknown): string => {
  const whole = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'none');
  return whole.length > 80 ? `${whole.slice(0, 79)}…` : whole;
};
