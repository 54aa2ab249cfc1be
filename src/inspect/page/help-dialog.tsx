import { DialogBox } from './dialog.tsx';
import { keys } from './keys.ts';

const names: Readonly<Record<string, string>> = {
  ArrowRight: '→',
  ArrowLeft: '←',
  PageDown: 'Page ↓',
  PageUp: 'Page ↑',
  ' ': 'Space',
};

/** Every key of the page. */
export function HelpDialog({ onClose }: { onClose: () => void }) {
  return (
    <DialogBox title="Keys" onClose={onClose}>
      <dl class="keys">
        {keys.map(({ keys: list, what }) => (
          <div key={what}>
            <dt>
              {list.map((key) => (
                <kbd key={key}>{names[key] ?? key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p class="muted">
        The mouse drags the picture and the timeline, and the wheel zooms. A recording can be dropped anywhere.
      </p>
    </DialogBox>
  );
}
