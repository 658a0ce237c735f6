import type { Handlers } from '../handler.js';
import { account } from './account.js';
import { bulkActivity } from './bulk-activity.js';
import { contact } from './contact.js';
import { contactExport } from './contact-export.js';
import { contactImport } from './contact-import.js';
import { contactList } from './contact-list.js';
import { customField } from './custom-field.js';
import { segment } from './segment.js';
import { tag } from './tag.js';

/** All that the sandbox can do, by operation. A further entity is spread in here; what is missing answers 501. */
export const handlers: Handlers = {
  ...account,
  ...contact,
  ...contactList,
  ...tag,
  ...customField,
  ...segment,
  ...bulkActivity,
  ...contactImport,
  ...contactExport,
};
