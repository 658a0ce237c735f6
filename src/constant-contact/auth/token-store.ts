import type { Grant } from './token-codec.js';

/**
 * Storage for the tokens of one login. A refresh token works once, so every change of the grant runs inside
 * `exclusively` and starts from a grant loaded there.
 */
export interface TokenStore {
  /** Location for the operator: a path or a host. Contains no secret. */
  readonly place: string;
  /**
   * The stored grant, or null when nobody is logged in. Sees what other processes saved.
   * @throws LoginUnreadable when what is stored cannot be used, ConstantContactError `unavailable` when the store fails
   */
  load(): Promise<Grant | null>;
  /**
   * Resolves when the grant would survive a power cut. Until then the old one is what `load` gives.
   * @throws ConstantContactError `unavailable`
   */
  save(grant: Grant): Promise<void>;
  /** Forgets the grant. */
  clear(): Promise<void>;
  /**
   * Runs `work` while nobody else, in any process, runs theirs on the same store. A process that died while it did
   * so does not keep others waiting.
   * @throws ConstantContactError `unavailable` when others do not make room in time
   */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
}
