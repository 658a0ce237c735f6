const numbers = new Intl.NumberFormat('en');
const percents = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });
const days = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric' });
const shortDays = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' });
const times = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hour12: false });

export const count = (value: number): string => numbers.format(value);
/** @param share 0 to 1 */
export const percent = (share: number): string => percents.format(share);
export const day = (at: string | null | undefined): string => (at ? days.format(new Date(at)) : '–');
export const shortDay = (at: string | null | undefined): string =>
  at ? shortDays.format(new Date(at)) : '–';
export const timeOfDay = (at: string | null | undefined): string => (at ? times.format(new Date(at)) : '–');

/** `UNSUBSCRIBED` as people write it. */
export const words = (value: string): string =>
  value.charAt(0) + value.slice(1).toLowerCase().replaceAll('_', ' ');

interface Named {
  firstName: string | null;
  lastName: string | null;
  emailAddress: { address: string | null } | null;
}

/** The best name that there is for a person. */
export function nameOf({ firstName, lastName, emailAddress }: Named): string {
  const name = [firstName, lastName].filter(Boolean).join(' ');
  return name || emailAddress?.address || 'No name';
}
