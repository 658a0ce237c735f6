import { Component, lazy, type ComponentType, type ReactNode } from 'react';
import { useLocation } from 'react-router';
import { useClient } from 'urql';
import { PingQuery } from '../graphql/connection.js';
import type { Problem } from '../graphql/problem.js';
import { useConnection } from '../session.js';
import { Page } from './page.js';
import { ProblemNote } from './problem.js';

const FAILED: Problem = {
  title: 'This screen could not be shown',
  advice: 'Try again, or reload the page. Saved changes are kept.',
  action: 'retry',
  waitSeconds: 0,
};

/** Keeps the rest of the app when a screen fails, such as one whose code could not be loaded. */
export function ScreenBoundary({ children }: { children: ReactNode }) {
  const client = useClient();
  const { recoveries } = useConnection();
  const { pathname } = useLocation();
  return (
    <Boundary
      key={pathname}
      recoveries={recoveries}
      // A failed ping starts the polling of the connection.
      onFail={() => void client.query(PingQuery, {}, { requestPolicy: 'network-only' }).toPromise()}
    >
      {children}
    </Boundary>
  );
}

interface BoundaryProps {
  recoveries: number;
  onFail: () => void;
  children: ReactNode;
}

class Boundary extends Component<BoundaryProps, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override componentDidCatch(error: unknown): void {
    if (error instanceof LoadError) error.forget();
    this.props.onFail();
  }

  override componentDidUpdate({ recoveries }: BoundaryProps): void {
    if (recoveries !== this.props.recoveries && this.state.hasFailed) this.#retry();
  }

  #retry = (): void => this.setState({ hasFailed: false });

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <Page title="Not available">
        <ProblemNote problem={FAILED} onRetry={this.#retry} />
      </Page>
    );
  }
}

class LoadError extends Error {
  /** @param forget makes the next attempt load the code again: React's `lazy` caches a failure forever */
  constructor(
    cause: unknown,
    readonly forget: () => void,
  ) {
    super('the code of this screen could not be loaded', { cause });
  }
}

/** A screen whose code is loaded when it is opened; render it in a `ScreenBoundary`. */
export function lazyScreen(load: () => Promise<{ default: ComponentType }>): ComponentType {
  const begin = () =>
    lazy(() =>
      load().catch((cause: unknown) => {
        throw new LoadError(cause, () => (Screen = begin()));
      }),
    );
  let Screen = begin();
  return () => <Screen />;
}
