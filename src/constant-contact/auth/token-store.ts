import type { Grant } from './token-codec.js';

/**
 * Where the tokens of one login are kept. A refresh token works once, so whatever changes the grant does so inside
 * `exclusively`, from a grant that was loaded inside as well.
 */
export interface TokenStore {
  /** Where it is, for the operator's eyes: a path, a host. Holds no secret. */
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
