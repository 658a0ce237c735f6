import { useEffect, useRef } from 'react';
import { useNotices } from '../jobs/notices.js';
import { useConnection } from '../session.js';

/** Shown on every screen while the server is unreachable, and briefly when it is back. */
export function Banner() {
  const { isLost, recoveries } = useConnection();
  const { say } = useNotices();
  const announced = useRef(recoveries);
  useEffect(() => {
    if (announced.current === recoveries) return;
    announced.current = recoveries;
    say('Connected again.');
  }, [recoveries, say]);
  return (
    <div className="banner" aria-live="assertive">
      {isLost && (
        <p>
          <strong>No connection to the server.</strong> It is tried again every few seconds, and everything
          here is loaded then.
        </p>
      )}
    </div>
  );
}
