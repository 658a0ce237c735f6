import { createFacade, type Facade } from 'constant-contact-graphql';

// Next loads modules again when they change, and one facade is to be there all the same: it has connections and, with
// `SANDBOX=on`, a sandbox account.
const kept = globalThis as { facade?: Promise<Facade> };

/** Made at the first request, because `next build` loads this file, too, in an environment without credentials. */
export const facade = () => (kept.facade ??= createFacade({ endpoint: '/api/graphql' }));
