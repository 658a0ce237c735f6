import { useEffect, useState, type FormEvent } from 'react';
import type { Problem } from '../graphql/problem.js';
import { useSignIn } from '../session.js';
import { WarningIcon } from './icons.js';

/** A problem with its remedy. */
export function ProblemNote({ problem, onRetry }: { problem: Problem; onRetry: () => void }) {
  return (
    <div className="problem" role="alert">
      <WarningIcon />
      <div>
        <p className="problem-title">{problem.title}</p>
        <p>{problem.advice}</p>
        {problem.action === 'retry' && <Retry seconds={problem.waitSeconds} onRetry={onRetry} />}
        {problem.action === 'signIn' && <SignIn />}
      </div>
    </div>
  );
}

/** Enabled when the time that the server named has passed: an earlier try would fail again. */
function Retry({ seconds, onRetry }: { seconds: number; onRetry: () => void }) {
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    if (left <= 0) return;
    const timer = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(timer);
  }, [left]);
  return (
    <button type="button" className="button" disabled={left > 0} onClick={onRetry}>
      {left > 0 ? `Try again in ${String(left)} s` : 'Try again'}
    </button>
  );
}

function SignIn() {
  const signIn = useSignIn();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const token = new FormData(event.currentTarget).get('token');
    if (typeof token === 'string' && token.trim() !== '') signIn(token.trim());
  };
  return (
    <form className="sign-in" onSubmit={submit}>
      <label>
        Access token
        <input name="token" type="password" autoComplete="off" required />
      </label>
      <button type="submit" className="button primary">
        Use it
      </button>
    </form>
  );
}
