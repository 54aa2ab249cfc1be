import { useEffect, useState } from 'preact/hooks';

/**
 * Whether a media query holds, as it changes.
 *
 * @param query - such as `(max-width: 640px)`
 */
export function useMedia(query: string): boolean {
  const [holds, setHolds] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const look = (): void => setHolds(list.matches);
    list.addEventListener('change', look);
    return () => list.removeEventListener('change', look);
  }, [query]);
  return holds;
}
