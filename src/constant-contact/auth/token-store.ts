import type { Grant } from './token-codec.js';

/**
 * Storage for the tokens of one login. A refresh token works once, so every change of the grant runs inside
 * `exclusively` and starts from a grant loaded there.
 */
export interface TokenStore {
  /** Location for the operator: a path or a host. Contains no secret. */
  readonly place: string;
  /**
   * The stored grant, or null after a logout; undefined when there is no record because the store may have lost it. Includes changes
   * of other processes.
   * @throws LoginUnreadable when the stored grant cannot be used, ConstantContactError `unavailable` when the store fails
   */
  load(): Promise<Grant | null | undefined>;
  /**
   * Resolves when the grant would survive a power cut. Until then, `load` returns the old one.
   * @throws ConstantContactError `unavailable`
   */
  save(grant: Grant): Promise<void>;
  /** Replaces the grant by the record of a logout. */
  clear(): Promise<void>;
  /**
   * Runs `work` under the lock of the store, over all processes. The lock of a process that died expires.
   * @throws ConstantContactError `unavailable` when the lock cannot be taken in time
   */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
}
