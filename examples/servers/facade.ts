import { createFacade, type Facade } from 'constant-contact-graphql';

// Next loads modules again when they change, and one facade is to be there all the same: it has connections and, without
// credentials, a sandbox account.
const kept = globalThis as { facade?: Promise<Facade> };

export const facade = (kept.facade ??= createFacade({ endpoint: '/api/graphql' }));
