import leven, { closestMatch } from 'leven';

/** Names with this prefix belong to this program. */
const OWN_PREFIX = /^CONSTANT_?CONTACT/;
/** Kubernetes and Docker set these for each service; one may be named `constant-contact`. */
const SERVICE_LINK = /_(SERVICE_(HOST|PORT)(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$/;
const SERVICE_ADDRESS = /^(tcp|udp|sctp):\/\//i;
/** Similar to a known name, but common for other software. */
const SET_BY_OTHERS = ['LOGLEVEL', 'GRAPHQL'];
/** Shorter known names are also used by other software. */
const MIN_OWN_WORD_LENGTH = 5;
/** A variable similar to a shorter known name may just as well belong to other software. */
const MIN_CERTAIN_NAME_LENGTH = 8;

/**
 * Variables that were probably meant for this program but are unknown, with the most similar known name.
 *
 * @param known names of all variables
 */
export function misspeltVariables(
  env: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
): { name: string; nearest: string }[] {
  return Object.entries(env).flatMap(([name, value]) => {
    if (value === undefined || known.includes(name)) return [];
    const nearest = nearestTo(name, value, known, (one) => env[one] !== undefined);
    return nearest === undefined ? [] : [{ name, nearest }];
  });
}

function nearestTo(
  given: string,
  value: string,
  known: readonly string[],
  isSet: (name: string) => boolean,
): string | undefined {
  const name = given
    .toUpperCase()
    .replace(/^EXPORT\s+/, '')
    .replace(/[-.]/g, '_');
  if (SERVICE_LINK.test(name) || (name.endsWith('_PORT') && SERVICE_ADDRESS.test(value))) return undefined;
  if (known.includes(name)) return name.length < MIN_OWN_WORD_LENGTH ? undefined : name;
  if (OWN_PREFIX.test(name)) {
    return closestMatch(
      name,
      known.filter((one) => OWN_PREFIX.test(one)),
    );
  }
  if (SET_BY_OTHERS.includes(name)) return undefined;
  // A value of ours makes a short name certain: `SANBOX=off` must not start the sandbox.
  const minLength = /^(on|off)$/i.test(value.trim()) ? MIN_OWN_WORD_LENGTH : MIN_CERTAIN_NAME_LENGTH;
  // If the known name is set too, the other name is not a typing error.
  return known.find((one) => one.length >= minLength && !isSet(one) && isTypingError(name, one));
}

/**
 * Finds variables that may be misspelt: those similar to a short name such as `PORT`, and those without the end of a longer
 * one, such as the unit of `OPERATION_TIMEOUT_SECONDS`.
 * @param known names of all variables
 */
export function possibleMisspellings(
  env: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
): { name: string; nearest: string }[] {
  const candidates = known.filter((one) => env[one] === undefined);
  return Object.entries(env).flatMap(([name, value]) => {
    const upper = name.toUpperCase();
    if (value === undefined || known.includes(upper)) return [];
    const nearest = candidates.find((one) =>
      one.length < MIN_CERTAIN_NAME_LENGTH
        ? isTypingError(upper, one)
        : upper.includes('_') && one.startsWith(`${upper}_`),
    );
    return nearest === undefined ? [] : [{ name, nearest }];
  });
}

/** Returns true if a name is a likely typing error of a known one: one letter, two in a long name, or two swapped letters. */
function isTypingError(name: string, known: string): boolean {
  if (Math.abs(name.length - known.length) > 2) return false;
  const distance = leven(name, known);
  if (distance <= (known.length < 12 ? 1 : 2)) return true;
  return distance === 2 && sorted(name) === sorted(known);
}

const sorted = (text: string) => [...text].sort().join('');
