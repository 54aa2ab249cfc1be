import { type Changed, type ListedRun, listRun, mostBytes } from '../listed-run.ts';
import type { PageData } from '../page-file.ts';
import type { PageEvent } from './state.ts';

type Dispatch = (event: PageEvent) => void;

/** Where the page's runs come from. */
export interface Source {
  /** Sees to it that a run is read. */
  readonly open: (run: ListedRun) => void;
}

/** What the page was given with its HTML. */
export function readData(): PageData {
  const text = document.getElementById('data')?.textContent ?? '';
  return text === '' ? { mode: 'file', runs: [] } : (JSON.parse(text) as PageData);
}

/**
 * Connects the page with where its runs come from: the server that it stands before, or what is in it.
 *
 * @param data - what the page was given
 * @param dispatch - is told of runs, and of their texts once they are read
 */
export function connect(data: PageData, dispatch: Dispatch): Source {
  if (data.mode === 'served') return serverSource(dispatch);
  openTexts(data.runs, dispatch);
  return { open: () => undefined };
}

let count = 0;

/**
 * Opens texts of recordings, such as files that were dropped on the page.
 *
 * @param texts - names and texts
 * @param dispatch - is told of them
 * @returns the ids of those that are recordings
 */
export function openTexts(
  texts: readonly { readonly name: string; readonly text: string }[],
  dispatch: Dispatch,
): string[] {
  return texts.flatMap(({ name, text }) => {
    count += 1;
    const whole = text.slice(0, text.lastIndexOf('\n'));
    const lines = { first: text.slice(0, text.indexOf('\n')), last: whole.slice(whole.lastIndexOf('\n') + 1) };
    const run = listRun({ id: `local-${count}`, name, size: text.length }, lines);
    if (run === undefined) {
      dispatch({ type: 'set', to: { notice: `${name} is no recording of forge-resume.` } });
      return [];
    }
    dispatch({ type: 'runs', runs: [run], isLive: false });
    dispatch({ type: 'read', id: run.id, text });
    return [run.id];
  });
}

interface Read {
  /** Tells the recording from the next one in the same file. */
  readonly header: string;
  text: string;
  /** Bytes that were read. */
  next: number;
  /** Bytes that are there, as far as we were told. */
  size: number;
  busy: boolean;
  /** Whether the page knows that there is more than is served. */
  isPart: boolean;
}

function serverSource(dispatch: Dispatch): Source {
  const reads = new Map<string, Read>();
  const readOn = async (id: string): Promise<void> => {
    const read = reads.get(id);
    if (read === undefined || read.busy || read.isPart || read.next >= read.size) return;
    read.busy = true;
    const wanted = read.size;
    try {
      const response = await fetch(`/recordings/${id}?from=${read.next}`);
      const more = response.ok ? await response.text() : undefined;
      // Where the file was replaced meanwhile, it is read anew.
      if (more === undefined || reads.get(id) !== read) return;
      read.text += more;
      read.next = Number(response.headers.get('X-Next'));
      read.isPart = wanted > mostBytes;
      dispatch({ type: 'read', id, text: read.text, isPart: read.isPart });
    } catch {
      // The server is gone; what was read stays.
    } finally {
      read.busy = false;
    }
    // What is torn is asked for again only when the file has grown.
    if (read.size > wanted) await readOn(id);
  };
  const events = new EventSource('/events');
  events.onopen = () => dispatch({ type: 'set', to: { notice: '' } });
  events.onerror = () => dispatch({ type: 'set', to: { notice: 'The inspector has ended: nothing new appears.' } });
  let isFirst = true;
  events.onmessage = ({ data }) => {
    const { runs, gone } = JSON.parse(data) as Changed;
    dispatch({ type: 'runs', runs, isLive: !isFirst });
    dispatch({ type: 'gone', ids: gone });
    isFirst = false;
    for (const run of runs) {
      const read = reads.get(run.id);
      if (read === undefined) continue;
      if (read.header === JSON.stringify(run.header)) read.size = run.size;
      else reads.set(run.id, unread(run));
      void readOn(run.id);
    }
  };
  return {
    open: (run) => {
      if (!reads.has(run.id)) reads.set(run.id, unread(run));
      void readOn(run.id);
    },
  };
}

const unread = ({ header, size }: ListedRun): Read => ({
  header: JSON.stringify(header),
  text: '',
  next: 0,
  size,
  busy: false,
  isPart: false,
});
