import { rules } from 'forge:rules';
import diff from 'microdiff';
import type { ComponentChildren } from 'preact';
import { contextAt, type OpenRun, spanOf } from '../model/open-run.ts';
import { rulesOf } from '../model/rule-links.ts';
import { durationWords, eventWords } from '../model/words.ts';
import type { ContextChange } from '../recording/format.ts';
import { ValueView } from './value-view.tsx';

interface DetailsProps {
  readonly run: OpenRun;
  readonly step: number;
  readonly onRule: (anchor: string) => void;
}

/** Everything about one step: what was heard, asked, done and changed, and the rule that it keeps. */
export function StepDetails({ run, step: index, onRule }: DetailsProps) {
  const step = run.steps[index];
  if (step === undefined) return <p class="empty">No step yet.</p>;
  const span = spanOf(run, step);
  const isLast = index === run.steps.length - 1;
  const context = contextAt(run, index);
  return (
    <div class="details">
      <h2>{`${index + 1}. ${eventWords(step)}`}</h2>
      <p class="path">
        {step.from !== null && (
          <>
            <code>{step.from}</code>
            {' → '}
          </>
        )}
        <code>{step.to}</code>
        <span class="muted">{` at ${durationWords(step.t)}`}</span>
      </p>
      <p class="rules">
        {rulesOf(step).map((anchor) => (
          <button key={anchor} type="button" class="link" onClick={() => onRule(anchor)}>
            {rules[anchor]?.title ?? anchor}
          </button>
        ))}
      </p>
      {step.guards.length > 0 && (
        <Part title="Guards asked">
          <ol class="guards">
            {step.guards.map(({ name, passed }, place) => (
              <li key={`${place} ${name}`} class={passed ? 'passed' : 'refused'}>
                <span class="answer">{passed ? 'yes' : 'no'}</span>
                <code>{name}</code>
              </li>
            ))}
            {step.guards.every(({ passed }) => !passed) && (
              <li class="passed">
                <span class="answer">else</span>none held
              </li>
            )}
          </ol>
        </Part>
      )}
      {step.actions.length > 0 && (
        <Part title="Actions">
          <p>
            {step.actions.map((name) => (
              <code key={name}>{name}</code>
            ))}
          </p>
        </Part>
      )}
      {Object.keys(step.changes).length > 0 && (
        <Part title="Context changes">
          <dl class="changes">
            {Object.entries(step.changes).map(([key, change]) => (
              <Change key={key} name={key} change={change} />
            ))}
          </dl>
        </Part>
      )}
      {span !== undefined && (
        <Part title={`Actor ${span.actor}${span.end === null ? '' : `, ${durationWords(span.end - span.start)}`}`}>
          <dl class="pairs">
            <dt>Input</dt>
            <dd>
              <ValueView value={span.input} />
            </dd>
            <dt>{step.code === undefined ? 'Output' : 'Error'}</dt>
            <dd>
              <ValueView value={step.code ?? step.output} />
            </dd>
          </dl>
        </Part>
      )}
      {index === 0 && (
        <Part title="Recording">
          <dl class="pairs">
            <dt>Made by</dt>
            <dd>{`${run.header.by}, version ${run.header.package}, at ${run.header.at}`}</dd>
            <dt>On</dt>
            <dd>{`Node ${run.header.host.node}, ${run.header.host.platform} ${run.header.host.arch}`}</dd>
            <dt>Left out</dt>
            <dd>
              {run.header.omitted.length === 0
                ? 'nothing: look at it before you show it around'
                : run.header.omitted.join('; ')}
            </dd>
            {run.notes.length > 0 && (
              <>
                <dt>Of its file</dt>
                <dd>{notesOf(run)}</dd>
              </>
            )}
          </dl>
        </Part>
      )}
      {isLast && run.end !== null && (
        <Part title="How it ended">
          <dl class="pairs">
            <dt>Reason</dt>
            <dd>
              <code>{run.end.reason ?? run.end.error?.code ?? 'none'}</code>
            </dd>
            {run.end.error !== undefined && (
              <>
                <dt>Error</dt>
                <dd>{run.end.error.message}</dd>
              </>
            )}
            {run.end.warnings !== undefined && (
              <>
                <dt>Warnings</dt>
                <dd>
                  <ValueView value={run.end.warnings} />
                </dd>
              </>
            )}
          </dl>
        </Part>
      )}
      {run.runs.length > 0 && (
        <Part title="Runs as they were found and left">
          <dl class="pairs">
            {run.runs.map(({ session, role, when, state, n }) => (
              <div key={n}>
                <dt>{`${role} ${session}, ${when}`}</dt>
                <dd>
                  <ValueView value={state} open={0} />
                </dd>
              </div>
            ))}
          </dl>
        </Part>
      )}
      {Object.keys(context).length > 0 && (
        <Part title="Context after this step">
          <ValueView value={context} open={0} />
        </Part>
      )}
    </div>
  );
}

/** Most notes that are shown. */
const mostNotes = 5;

const notesOf = ({ notes }: OpenRun): string =>
  [...notes.slice(0, mostNotes), ...(notes.length > mostNotes ? [`${notes.length - mostNotes} more`] : [])].join('; ');

const Part = ({ title, children }: { title: string; children: ComponentChildren }) => (
  <section>
    <h3>{title}</h3>
    {children}
  </section>
);

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** A changed field; of an object that was changed only what differs. */
function Change({ name, change: { before, after } }: { name: string; change: ContextChange }) {
  const inner = isObject(before) && isObject(after) ? diff(before, after) : undefined;
  return (
    <div>
      <dt>{name}</dt>
      {inner === undefined ? (
        <dd>
          <del>
            <ValueView value={before} open={0} />
          </del>
          <ins>
            <ValueView value={after} open={1} />
          </ins>
        </dd>
      ) : (
        inner.map((one) => (
          <dd key={one.path.join('.')}>
            <span class="muted">{`${one.path.join('.')} `}</span>
            {one.type !== 'CREATE' && (
              <del>
                <ValueView value={one.oldValue} open={0} />
              </del>
            )}
            {one.type !== 'REMOVE' && (
              <ins>
                <ValueView value={one.value} open={1} />
              </ins>
            )}
          </dd>
        ))
      )}
    </div>
  );
}
