import { Random } from '../random.js';
import { LOCALES, type Locale } from './names.js';
import { DOMAINS } from './words.js';

const BY_WEIGHT: readonly Locale[] = LOCALES.flatMap((locale) => Array<Locale>(locale.weight).fill(locale));

const SLUGS = new Map<string, string>();

/** A name in characters of an email address; `''` if none remain. */
function slug(name: string): string {
  let text = SLUGS.get(name);
  if (text === undefined) {
    text = name
      .toLowerCase()
      .replaceAll('ł', 'l')
      .replaceAll('ß', 'ss')
      .replaceAll('ı', 'i')
      .normalize('NFD')
      .replace(/[^a-z]/g, '');
    SLUGS.set(name, text);
  }
  return text;
}

export interface Person {
  readonly locale: Locale;
  readonly first: string;
  readonly last: string;
  /** Unique among the people of one source. */
  readonly email: string;
}

/** A sequence of people, each with a unique email address. */
export class People {
  readonly #random: Random;
  readonly #taken = new Map<string, number>();

  constructor(seed: number) {
    this.#random = new Random(seed, 'people');
  }

  next(): Person {
    const random = this.#random;
    const locale = random.pick(BY_WEIGHT);
    const first = random.pick(locale.first);
    const last = random.pick(locale.last);
    return { locale, first, last, email: this.#address(slug(first), slug(last)) };
  }

  #address(first: string, last: string): string {
    const random = this.#random;
    const style = random.between(0, 9);
    const name = first === '' || last === '' ? `${first}${last}` || 'reader' : nameIn(style, first, last);
    const domain = random.pick(DOMAINS);
    const address = `${name}@${domain}`;
    const before = this.#taken.get(address) ?? 0;
    this.#taken.set(address, before + 1);
    return before === 0 ? address : `${name}${before + 1}@${domain}`;
  }
}

function nameIn(style: number, first: string, last: string): string {
  if (style < 6) return `${first}.${last}`;
  if (style < 8) return `${first.charAt(0)}${last}`;
  return style === 8 ? `${first}_${last}` : `${first}.${last}+news`;
}

/** A text with each `#` replaced by a digit. */
export const digits = (random: Random, pattern: string): string =>
  pattern.replace(/#/g, () => String(random.between(0, 9)));

/** A national number without the dial code, never starting with 0. */
export function nationalNumber(random: Random, locale: Locale): string {
  if (locale.dial === '1') return `${random.between(201, 989)}555${digits(random, '####')}`;
  return `${random.between(1, 9)}${digits(random, '#'.repeat(locale.digits - 1))}`;
}
