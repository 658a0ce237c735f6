import { openEnum } from './enums.js';

export const EventStatus = openEnum('EventStatus', 'How far an event has come.', {
  DRAFT: 'Not published.',
  ACTIVE: 'Published; people can register.',
  COMPLETE: 'Over.',
  CANCELED: { wire: ['CANCELLED', 'CANCELED'], description: 'Called off.' },
  DELETED: 'Deleted.',
  ERROR: 'Something went wrong when it was made or published.',
});

/** The kinds of event that the vendor's clients know. */
export const EventType = openEnum('EventType', 'What kind of event it is.', {
  AUCTION: 'An auction.',
  BIRTHDAY: 'A birthday.',
  BUSINESS_FINANCE_SALES: 'Business, finance and sales.',
  CLASSES_WORKSHOPS: 'Classes and workshops.',
  COMPETITION_SPORTS: 'Competitions and sports.',
  CONFERENCES_SEMINARS_FORUM: 'Conferences, seminars and forums.',
  CONVENTIONS_TRADESHOWS_EXPOS: 'Conventions, trade shows and expositions.',
  FESTIVALS_FAIRS: 'Festivals and fairs.',
  FOOD_WINE: 'Food and wine.',
  FUNDRAISERS_CHARITIES: 'Fundraising and charity.',
  HOLIDAY: 'A holiday.',
  INCENTIVE_REWARD_RECOGNITION: 'Incentives, rewards and recognition.',
  MOVIES_FILM: 'Films.',
  MUSIC_CONCERTS: 'Music and concerts.',
  NETWORKING_CLUBS: 'Clubs and networking.',
  OUTDOORS_RECREATION: 'Outdoors and recreation.',
  PARTIES_SOCIAL_EVENTS_MIXERS: 'Parties and social events.',
  PERFORMING_ARTS: 'Performing arts.',
  RELIGION_SPIRITUALITY: 'Religion and spirituality.',
  SCHOOLS_REUNIONS_ALUMNI: 'Schools, reunions and alumni.',
  TRAVEL: 'Travel.',
  WEBINAR_TELESEMINAR_TELECLASS: 'Webinars and other classes at a distance.',
  WEDDINGS: 'Weddings.',
  OTHER: 'Anything else.',
});
