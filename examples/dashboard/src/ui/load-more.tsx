import { useEffect, useRef } from 'react';

interface LoadMoreProps {
  /** True to load as soon as the end is near. */
  automatic: boolean;
  loading: boolean;
  onLoad: () => void;
}

/** The end of an endless list: loads when it comes near, and is a button for users who do not scroll. */
export function LoadMore({ automatic, loading, onLoad }: LoadMoreProps) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const target = button.current;
    if (!target || !automatic || loading) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) onLoad();
      },
      { rootMargin: '300px' },
    );
    observer.observe(target);
    return () => observer.disconnect();
  }, [automatic, loading, onLoad]);
  return (
    <button ref={button} type="button" className="button more" aria-disabled={loading} onClick={onLoad}>
      {loading ? 'Loading…' : 'Load more'}
    </button>
  );
}
