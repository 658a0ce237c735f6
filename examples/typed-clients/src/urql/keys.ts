import { embeddedTypes } from '../cache-types';

/** For graphcache: types without a global id are stored inside the object that they belong to. */
export const keys: Record<string, () => null> = Object.fromEntries(
  embeddedTypes.map((type) => [type, () => null]),
);
