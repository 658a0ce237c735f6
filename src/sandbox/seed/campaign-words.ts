/** Parts of names, subjects and bodies of seeded campaigns. */
const list = (text: string): string[] => text.split('|').map((item) => item.trim());

/** Name of a campaign without its date, subject, preheader. */
export const THEMES: readonly (readonly [name: string, subject: string, preheader: string])[] = [
  ['Monthly Newsletter', 'What we read this month', 'Twelve new titles and two old friends'],
  ['New Arrivals', 'Fresh on the shelves', 'Fiction, poetry and one cookbook'],
  ['Summer Sale', 'Everything for the beach, 30 % off', 'Until Sunday, in the shop and online'],
  ['Winter Sale', 'Warm words at cold prices', 'Gloves not included'],
  ['Author Evening', 'Meet the author on Thursday', 'Reading, questions, a glass of wine'],
  ["Children's Hour", 'Saturday at ten: stories for small people', 'Bring a cushion'],
  ['Book Club', 'Next on the book club table', 'And how the vote went'],
  ['Poetry Night', 'Open microphone, closed doors', 'Sign up before Friday'],
  ['Members Only', 'Your member voucher is inside', 'Thank you for another year'],
  ['Donor Letter', 'What your gift has done', 'A roof, a ramp and 400 books'],
  ['Café News', 'The café has a new oven', 'Cinnamon buns from eight'],
  ['Survey', 'Three questions, two minutes', 'Tell us what to order'],
  ['Reading List', 'Ten books for a long weekend', 'Chosen by the staff'],
  ['Gift Guide', 'Presents for people who have everything', 'They do not have this one'],
  ['Opening Hours', 'We open on Sundays', 'From noon to five'],
  ['Schools', 'Class sets for the new term', 'With the teachers’ discount'],
];

export const SENDERS = list(
  'Harborlight Books | Robin at Harborlight | Harborlight Events | The Harborlight Café',
);

export const PARAGRAPHS = list(
  'The boxes came on Monday and by Tuesday half of them were gone. | ' +
    'We kept a few copies aside for those who read this to the end. | ' +
    'If it rains, we move inside; if it does not, we move the chairs. | ' +
    'The translator will be there, too, and signs anything that has pages. | ' +
    'Thanks to everybody who helped to carry the shelves. | ' +
    'Reserve by answering this mail, or come by and say hello.',
);

/** Paths below the shop's web site that emails link to. */
export const LINKS: readonly (readonly [path: string, label: string])[] = [
  ['new', 'See all new titles'],
  ['events', 'Calendar'],
  ['sale', 'To the sale'],
  ['members', 'Your membership'],
  ['cafe', 'The menu'],
  ['survey', 'Take the survey'],
  ['directions', 'How to find us'],
  ['gift-cards', 'Gift cards'],
];

/** Types of campaigns with their numbers. */
export const KINDS: readonly (readonly [type: string, type_code: number])[] = [
  ['NEWSLETTER', 10],
  ['NEWSLETTER', 10],
  ['NEWSLETTER', 10],
  ['NEWSLETTER', 10],
  ['ANNOUNCEMENT', 11],
  ['EVENT_ANNOUNCEMENT', 20],
  ['SALE_PROMOTION', 22],
  ['CUSTOM_CODE_EMAIL', 26],
  ['FUNDRAISER', 25],
  ['BULK_EMAIL', 2],
  ['DEFAULT', 1],
];
