import { createFacade, type Facade } from 'constant-contact-graphql';

// Next reloads modules when they change, but must keep the one facade, with its connections and, with
// `SANDBOX=on`, its sandbox account.
const kept = globalThis as { facade?: Promise<Facade> };

/** Created at the first request, because `next build` loads this file without credentials. */
export const facade = () => (kept.facade ??= createFacade({ endpoint: '/api/graphql' }));
