import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';

/** A file that was given to the page. */
interface Given {
  readonly name: string;
  readonly text: string;
}

/** Ways in which files come to the page. */
interface Files {
  /** For the element on which they may be dropped. */
  readonly dropping: Pick<JSX.HTMLAttributes<HTMLElement>, 'onDragEnter' | 'onDragOver' | 'onDragLeave' | 'onDrop'>;
  /** Whether something is held over it. */
  readonly isOver: boolean;
  /** Asks for files. */
  readonly ask: () => void;
  readonly input: JSX.Element;
}

/**
 * Lets files be dropped or chosen.
 *
 * @param onFiles - is told of them, read
 */
export function useFiles(onFiles: (files: readonly Given[]) => void): Files {
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const take = async (list: FileList | null | undefined): Promise<void> => {
    const files = await Promise.all(
      // A folder can be dropped as well, and not read.
      [...(list ?? [])].map(async (file) => ({ name: file.name, text: await file.text().catch(() => '') })),
    );
    if (files.length > 0) onFiles(files);
  };
  const over = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    setOver(true);
  };
  return {
    dropping: {
      onDragEnter: over,
      onDragOver: over,
      onDragLeave: (event) => event.relatedTarget === null && setOver(false),
      onDrop: (event) => {
        event.preventDefault();
        setOver(false);
        void take(event.dataTransfer?.files);
      },
    },
    isOver,
    ask: () => input.current?.click(),
    input: (
      <input
        ref={input}
        type="file"
        hidden
        aria-label="Recordings to open"
        multiple
        accept=".jsonl"
        onChange={({ currentTarget }) => {
          void take(currentTarget.files).then(() => {
            currentTarget.value = '';
          });
        }}
      />
    ),
  };
}
