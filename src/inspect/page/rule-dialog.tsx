import { rules } from 'forge:rules';
import { DialogBox } from './dialog.tsx';

/** The text of a rule or promise, as the package's pages have it. */
export function RuleDialog({ anchor, onClose }: { anchor: string; onClose: () => void }) {
  const rule = rules[anchor];
  return (
    <DialogBox title={rule?.title ?? anchor} onClose={onClose}>
      <div class="prose" dangerouslySetInnerHTML={{ __html: rule?.html ?? '' }} />
    </DialogBox>
  );
}
