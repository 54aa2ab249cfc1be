import type { OpenRun } from '../model/open-run.ts';
import { HelpDialog } from './help-dialog.tsx';
import { RuleDialog } from './rule-dialog.tsx';
import type { PageEvent, PageState } from './state.ts';
import { StatelyDialog } from './stately-dialog.tsx';

interface DialogsProps {
  readonly state: PageState;
  readonly run: OpenRun | undefined;
  readonly dispatch: (event: PageEvent) => void;
}

/** Whichever dialog is open. */
export function Dialogs({ state: { dialog }, run, dispatch }: DialogsProps) {
  const close = (): void => dispatch({ type: 'set', to: { dialog: null } });
  if (dialog === null) return null;
  if (dialog.kind === 'help') return <HelpDialog onClose={close} />;
  if (dialog.kind === 'rule') return <RuleDialog key={dialog.anchor} anchor={dialog.anchor} onClose={close} />;
  return run === undefined ? null : <StatelyDialog run={run} onClose={close} />;
}
