import { useEffect, useState } from 'preact/hooks';
import type { OpenRun } from '../model/open-run.ts';
import { durationWords } from '../model/words.ts';
import { outcomeOf } from './run-list.tsx';
import type { PageEvent, PageState } from './state.ts';
import { Verdicts } from './verdicts.tsx';

interface TopBarProps {
  readonly state: PageState;
  readonly run: OpenRun | undefined;
  readonly dispatch: (event: PageEvent) => void;
}

/** What run is looked at, how it ended, and what else the page does. */
export function TopBar({ state, run, dispatch }: TopBarProps) {
  return (
    <header class="top">
      <h1>forge-resume inspect</h1>
      {run !== undefined && (
        <div class="summary">
          <strong>{outcomeOf(run)}</strong>
          <span class="muted">
            {[run.header.event ?? run.header.by, `${run.steps.length} steps`, durationWords(run.duration)].join(' · ')}
          </span>
          <Verdicts run={run} />
        </div>
      )}
      <p class="notice" role="status">
        {state.notice}
      </p>
      <div class="actions">
        {run !== undefined && (
          <button type="button" onClick={() => dispatch({ type: 'set', to: { dialog: { kind: 'stately' } } })}>
            Stately…
          </button>
        )}
        <ThemeButton />
        <button
          type="button"
          aria-label="Keys and help"
          onClick={() => dispatch({ type: 'set', to: { dialog: { kind: 'help' } } })}
        >
          ?
        </button>
      </div>
    </header>
  );
}

const themeMarks = { system: '◐', light: '☀', dark: '☾' } as const;
const themes = ['system', 'light', 'dark'] as const;

function ThemeButton() {
  const [theme, setTheme] = useState<(typeof themes)[number]>('system');
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';
  return (
    <button type="button" aria-label={`Theme: ${theme}. Change to ${next}`} onClick={() => setTheme(next)}>
      {themeMarks[theme]}
    </button>
  );
}
