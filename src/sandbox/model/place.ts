/** States and provinces with a two-letter code in the API. */
const STATES: Readonly<Record<string, string>> = {
  ...named(
    'AL Alabama, AK Alaska, AZ Arizona, AR Arkansas, CA California, CO Colorado, CT Connecticut, DE Delaware, ' +
      'DC District of Columbia, FL Florida, GA Georgia, HI Hawaii, ID Idaho, IL Illinois, IN Indiana, IA Iowa, ' +
      'KS Kansas, KY Kentucky, LA Louisiana, ME Maine, MD Maryland, MA Massachusetts, MI Michigan, MN Minnesota, ' +
      'MS Mississippi, MO Missouri, MT Montana, NE Nebraska, NV Nevada, NH New Hampshire, NJ New Jersey, ' +
      'NM New Mexico, NY New York, NC North Carolina, ND North Dakota, OH Ohio, OK Oklahoma, OR Oregon, ' +
      'PA Pennsylvania, RI Rhode Island, SC South Carolina, SD South Dakota, TN Tennessee, TX Texas, UT Utah, ' +
      'VT Vermont, VA Virginia, WA Washington, WV West Virginia, WI Wisconsin, WY Wyoming, PR Puerto Rico',
  ),
  ...named(
    'AB Alberta, BC British Columbia, MB Manitoba, NB New Brunswick, NL Newfoundland and Labrador, ' +
      'NS Nova Scotia, NT Northwest Territories, NU Nunavut, ON Ontario, PE Prince Edward Island, QC Quebec, ' +
      'SK Saskatchewan, YT Yukon',
  ),
};

const WITH_STATE_CODES: readonly (string | null)[] = [null, 'United States', 'Canada'];
const COUNTRIES = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

/** State and country with codes replaced by names, as in the API's responses; other texts are unchanged. */
export function expandPlace<Place extends { state: string | null; country: string | null }>(
  place: Place,
): Place {
  const country = countryName(place.country);
  const hasCodes = WITH_STATE_CODES.includes(country);
  const state = hasCodes ? (STATES[place.state?.toUpperCase() ?? ''] ?? place.state) : place.state;
  return { ...place, state, country };
}

function countryName(country: string | null): string | null {
  const code = country?.trim().toUpperCase() ?? '';
  return /^[A-Z]{2}$/.test(code) ? (COUNTRIES.of(code) ?? country) : country;
}

function named(list: string): Record<string, string> {
  return Object.fromEntries(list.split(', ').map((entry) => [entry.slice(0, 2), entry.slice(3)]));
}
