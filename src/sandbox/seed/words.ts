const list = (text: string): string[] => text.split(',').map((item) => item.trim());

export const COMPANIES = list(
  "Harborlight Books, Juniper & Sage, Redwood Dental, Blue Heron Travel, Copper Kettle Café, Northwind Outfitters, Paper Lantern Press, Meridian Yoga, Stonebridge Legal, Sunflower Nursery, Quill & Co., Tidewater Marina, Foxglove Interiors, Old Mill Bakery, Granite Peak Gym, Lumen Optics, Wren's Nest Childcare, Saffron Table, Cobalt Cycles, Driftwood Gallery, Ironwood Builders, Maple Street Music, Orchard Veterinary, Pinecrest Realty, Riverbend Theatre, Silver Birch Spa, Thistle Florist, Umbra Lighting, Velvet Fox Vintage, Willow Accounting, Zenith Robotics, Bright Acre Farm",
);

export const JOBS = list(
  'Owner, Marketing Manager, Office Manager, Volunteer, Teacher, Software Engineer, Nurse, Photographer, Event Planner, Head of Sales, Accountant, Librarian, Chef, Architect, Executive Director, Graphic Designer, Store Manager, Student, Consultant, Board Member, Écrivaine, Vertriebsleiterin, Ingeniero de Datos, Retired',
);

/** Domains reserved for examples, so that no email can reach anybody. */
export const DOMAINS = list(
  'example.com, example.org, example.net, mail.example.com, post.example.org, inbox.example.net, harborlight.example, northwind.example, meridian.example, orchard.example',
);

export const NOTES = list(
  'Met at the spring open house, Prefers to be called after five, Asked for the printed catalogue, Moved here last year, Brought two friends to the workshop, Interested in group rates, Vegetarian menu only, Birthday card sent, Wants fewer e-mails in summer, Donated to the roof fund, Speaks Portuguese, Waiting list for the pottery class',
);

export const OPT_OUT_REASONS = list(
  'Too many e-mails, No longer interested, I never signed up, The content is not relevant, Other',
);

export const FREE_TEXT = list(
  'Window seat, Left-handed, Two cats, Early bird, Gluten free, Large print, Wheelchair access, First edition, Morning sessions, No preference, Cash only, Paperless',
);
