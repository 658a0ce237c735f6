import type { Clock } from '../clock.js';
import { newGrant, renewed } from './grant.js';
import type { Tokens } from './oauth.js';
import { LoginUnreadable, type Grant } from './token-codec.js';
import type { TokenStore } from './token-store.js';

/**
 * The stored login of this application that a new one would replace; null when there is none or it cannot be read.
 * @throws LoginUnreadable when the stored login may belong to another application
 */
export async function replaceableGrant(store: TokenStore): Promise<Grant | null> {
  try {
    return (await store.load()) ?? null;
  } catch (error) {
    if (error instanceof LoginUnreadable && error.owner !== 'this') throw error;
    return null;
  }
}

/**
 * Stores a new login, replacing an earlier one of the same application.
 * @throws LoginUnreadable when the stored login may belong to another application
 * @param bootstrap the configured refresh token, which is not used any more after an interactive login
 */
export function storeLogin(
  { store, clock, bootstrap = null }: { store: TokenStore; clock: Clock; bootstrap?: string | null },
  clientId: string,
  tokens: Tokens,
): Promise<void> {
  return store.exclusively(async () => {
    const previous = await replaceableGrant(store);
    const fresh = newGrant(clientId, tokens.refreshToken, previous, bootstrap);
    await store.save(renewed(fresh, tokens, clock.now()));
  });
}
