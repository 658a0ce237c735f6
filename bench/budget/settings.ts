/** A configuration that the day is simulated with. */
export interface Setting {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Ages in seconds. */
export const RECOMMENDED_AGES = {
  account: 300,
  lists: 60,
  tags: 60,
  'custom-fields': 300,
  segments: 60,
  contacts: 120,
  campaigns: 120,
  reports: 300,
  events: 60,
  social: 60,
  automations: 300,
  partner: 60,
} as const;

export const NO_CACHE: Setting = { name: 'no cache', env: { REFERENCE_CACHE_SECONDS: '0' } };
export const DEFAULT: Setting = { name: 'reference cache only', env: {} };
export const RECOMMENDED: Setting = {
  name: 'recommended',
  env: {
    CACHE: Object.entries(RECOMMENDED_AGES)
      .map(([family, seconds]) => `${family}=${String(seconds)}`)
      .join(','),
    STALE: '1h',
    BUDGET_RESERVE: 'writes=500',
  },
};

export const SETTINGS: readonly Setting[] = [NO_CACHE, DEFAULT, RECOMMENDED];
