import { openEnum } from './enums.js';

export const EventStatus = openEnum('EventStatus', 'Status of an event.', {
  DRAFT: 'Not published.',
  ACTIVE: 'Published; people can register.',
  COMPLETE: 'The event is over.',
  CANCELED: { wire: ['CANCELLED', 'CANCELED'], description: 'The event was called off.' },
  DELETED: 'The event was deleted.',
  ERROR: 'An error occurred when the event was created or published.',
});

/** The categories that the vendor's clients know. */
export const EventType = openEnum('EventType', 'Category of an event.', {
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
  WEBINAR_TELESEMINAR_TELECLASS: 'Webinars and other remote classes.',
  WEDDINGS: 'Weddings.',
  OTHER: 'Any other category.',
});
