import { createContext, useContext, useMemo, useState, useSyncExternalStore, type ReactNode } from 'react';
import { Provider } from 'urql';
import { createClient } from './graphql/client.js';
import { Connection, type ConnectionState } from './graphql/connection.js';
import { CostLog, type Costs } from './graphql/cost.js';

interface Session {
  readonly costs: CostLog;
  readonly connection: Connection;
  signIn(token: string): void;
}

const SessionContext = createContext<Session | null>(null);

/**
 * Keeps the token in memory only: no storage that other scripts could read, and none after the page is
 * closed.
 */
export function SessionProvider({ children }: { children: ReactNode }) {
  const [token, signIn] = useState<string | null>(null);
  const [costs] = useState(() => new CostLog());
  const [connection] = useState(() => new Connection());
  const client = useMemo(() => createClient(token, costs, connection), [token, costs, connection]);
  const session = useMemo(() => ({ costs, connection, signIn }), [costs, connection]);
  return (
    <SessionContext value={session}>
      {/* The key resets every screen for the new client. */}
      <Provider key={token} value={client}>
        {children}
      </Provider>
    </SessionContext>
  );
}

function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('There is no SessionProvider above.');
  return session;
}

export const useSignIn = (): Session['signIn'] => useSession().signIn;

export function useCosts(): Costs {
  const { costs } = useSession();
  return useSyncExternalStore(costs.subscribe, costs.current);
}

export function useConnection(): ConnectionState {
  const { connection } = useSession();
  return useSyncExternalStore(connection.subscribe, connection.current);
}
