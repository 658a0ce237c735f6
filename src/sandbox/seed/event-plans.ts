import type { EventStatus } from '../stores/event.js';

/** Definition of a seeded event. */
export interface EventPlan {
  readonly name: string;
  readonly description: string;
  readonly type: string;
  readonly status: EventStatus;
  /** Start in days from now. */
  readonly day: number;
  readonly hours: number;
  readonly place: 'PHYSICAL' | 'VIRTUAL';
  /** Prices by kind of ticket. */
  readonly prices: readonly number[];
  readonly registrations: number;
}

type Line = readonly [
  name: string,
  type: string,
  day: number,
  hours: number,
  place: EventPlan['place'],
  prices: readonly number[],
  registrations: number,
  description: string,
];

const ACTIVE: readonly Line[] = [
  [
    'Harvest Book Fair',
    'FESTIVALS_FAIRS',
    12,
    6,
    'PHYSICAL',
    [0, 15, 40],
    64,
    'Stalls of forty small presses, readings all day, cider at four.',
  ],
  [
    'Letterpress for Beginners',
    'CLASSES_WORKSHOPS',
    5,
    3,
    'PHYSICAL',
    [35],
    18,
    'Set a line of type and print your own card.',
  ],
  [
    'Translators’ Evening',
    'CONFERENCES_SEMINARS_FORUM',
    19,
    2,
    'VIRTUAL',
    [0],
    27,
    'Three translators on one page of Portuguese.',
  ],
  [
    'Chamber Music among the Shelves',
    'MUSIC_CONCERTS',
    26,
    2,
    'PHYSICAL',
    [12, 20],
    31,
    'A quartet plays between fiction and travel.',
  ],
  [
    'Poetry Slam, Spring Heat',
    'PERFORMING_ARTS',
    33,
    3,
    'PHYSICAL',
    [8],
    9,
    'Twelve poets, three rounds, one jury drawn by lot.',
  ],
  ['Crime Writers’ Breakfast', 'FOOD_WINE', 40, 2, 'PHYSICAL', [24], 22, 'Coffee, pastry and four alibis.'],
  [
    'Children’s Story Morning',
    'PARTIES_SOCIAL_EVENTS_MIXERS',
    3,
    2,
    'PHYSICAL',
    [0],
    40,
    'Picture books read aloud, cushions provided.',
  ],
  [
    'Bookbinding Weekend',
    'CLASSES_WORKSHOPS',
    61,
    14,
    'PHYSICAL',
    [120, 95],
    6,
    'From folded sheets to a cloth-bound volume in two days.',
  ],
  [
    'Reading Group Leaders Online',
    'WEBINAR_TELESEMINAR_TELECLASS',
    9,
    1,
    'VIRTUAL',
    [0],
    14,
    'How to keep a reading group going after its third book.',
  ],
  ['Roof Fund Auction', 'AUCTION', 75, 4, 'PHYSICAL', [50], 0, 'Signed first editions under the hammer.'],
];

const COMPLETE: readonly Line[] = [
  [
    'Winter Book Fair',
    'FESTIVALS_FAIRS',
    -120,
    6,
    'PHYSICAL',
    [0, 15],
    58,
    'The winter edition of our fair of small presses.',
  ],
  [
    'Night of the Essay',
    'CONFERENCES_SEMINARS_FORUM',
    -45,
    3,
    'PHYSICAL',
    [10],
    25,
    'Four essayists, one question, until midnight.',
  ],
  ['Calligraphy Course', 'CLASSES_WORKSHOPS', -80, 8, 'PHYSICAL', [60], 12, 'Broad pen, four Saturdays.'],
  ['Holiday Market', 'HOLIDAY', -200, 7, 'PHYSICAL', [0], 33, 'Cards, calendars and hot chocolate.'],
  [
    'Map Collectors’ Meeting',
    'NETWORKING_CLUBS',
    -150,
    2,
    'PHYSICAL',
    [5],
    11,
    'Bring one map and its story.',
  ],
  [
    'Silent Film with Piano',
    'MOVIES_FILM',
    -260,
    2,
    'PHYSICAL',
    [9, 6],
    47,
    'A comedy of 1926, accompanied live.',
  ],
  [
    'School Reading Day',
    'SCHOOLS_REUNIONS_ALUMNI',
    -310,
    5,
    'PHYSICAL',
    [0],
    20,
    'Six classes, six authors.',
  ],
  [
    'Walk to the Printers’ Quarter',
    'OUTDOORS_RECREATION',
    -95,
    3,
    'PHYSICAL',
    [0],
    16,
    'Three kilometres and five old workshops.',
  ],
  [
    'Publishing in Translation',
    'WEBINAR_TELESEMINAR_TELECLASS',
    -20,
    1,
    'VIRTUAL',
    [0],
    29,
    'Rights, grants and patience.',
  ],
];

const DRAFT: readonly Line[] = [
  [
    'Summer Reading Party',
    'PARTIES_SOCIAL_EVENTS_MIXERS',
    140,
    4,
    'PHYSICAL',
    [0],
    0,
    'Deck chairs in the yard.',
  ],
  ['Advanced Letterpress', 'CLASSES_WORKSHOPS', 90, 6, 'PHYSICAL', [75], 0, 'Two colours, one forme.'],
  [
    'Comics Symposium',
    'CONVENTIONS_TRADESHOWS_EXPOS',
    180,
    9,
    'PHYSICAL',
    [25, 45],
    0,
    'A day on panels and gutters.',
  ],
  ['Membership Drive', 'FUNDRAISERS_CHARITIES', 110, 3, 'VIRTUAL', [0], 0, ''],
  ['Untitled Author Evening', 'OTHER', 100, 1, 'PHYSICAL', [0], 0, ''],
];

const CANCELLED: readonly Line[] = [
  ['Open-Air Theatre', 'PERFORMING_ARTS', -10, 3, 'PHYSICAL', [18], 21, 'Called off because of the storm.'],
  ['Wine and Verse', 'FOOD_WINE', 15, 3, 'PHYSICAL', [30], 8, 'The cellar is being rebuilt.'],
  ['Chess in the Reading Room', 'COMPETITION_SPORTS', -60, 5, 'PHYSICAL', [5], 0, 'Too few players.'],
];

const DELETED: readonly Line[] = [
  ['Test Event', 'OTHER', -400, 1, 'PHYSICAL', [0], 0, 'Made by mistake.'],
  ['Old Spring Fair', 'FESTIVALS_FAIRS', -700, 6, 'PHYSICAL', [0], 5, 'The fair before we moved.'],
];

const ERROR: readonly Line[] = [
  ['Broken Import', 'OTHER', 30, 1, 'VIRTUAL', [0], 0, 'It could not be published.'],
];

/** Thirty events, in every status. The first has all optional properties. */
export const EVENT_PLANS: readonly EventPlan[] = [
  ...plans('ACTIVE', ACTIVE),
  ...plans('COMPLETE', COMPLETE),
  ...plans('DRAFT', DRAFT),
  ...plans('CANCELLED', CANCELLED),
  ...plans('DELETED', DELETED),
  ...plans('ERROR', ERROR),
];

function plans(status: EventStatus, lines: readonly Line[]): EventPlan[] {
  return lines.map(([name, type, day, hours, place, prices, registrations, description]) => ({
    name,
    type,
    status,
    day,
    hours,
    place,
    prices,
    registrations,
    description,
  }));
}
