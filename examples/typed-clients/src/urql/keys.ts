import { embeddedTypes } from '../cache-types';

/** For graphcache: types without a global id are stored inside their parent. */
export const keys: Record<string, () => null> = Object.fromEntries(
  embeddedTypes.map((type) => [type, () => null]),
);
