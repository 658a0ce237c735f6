import type { Order } from './orders.js';

/**
 * The shop's orders: of contacts of the sandbox account, of guests with a contact's address, and of unknown
 * people.
 */
export const ORDERS: readonly Order[] = [
  {
    orderId: '1001',
    placedAt: '2026-01-05T09:12:00Z',
    total: 4250,
    email: 'zara.fletcher@example.org',
    contactId: 'e7d536c2-b375-11ed-a893-fa163e0c924e',
  },
  {
    orderId: '1002',
    placedAt: '2026-01-09T17:40:00Z',
    total: 1999,
    email: 'Zara.Fletcher@example.org',
    contactId: null,
  },
  {
    orderId: '1003',
    placedAt: '2026-01-12T08:03:00Z',
    total: 12900,
    email: 'maelle@work.example',
    contactId: '00e8fa66-b18a-11e3-b32f-fa163edf4a38',
  },
  {
    orderId: '1004',
    placedAt: '2026-01-17T20:55:00Z',
    total: 799,
    email: 'owalsh@inbox.example.net',
    contactId: null,
  },
  {
    orderId: '1005',
    placedAt: '2026-01-21T11:30:00Z',
    total: 3300,
    email: 'passing.by@nowhere.example',
    contactId: null,
  },
  {
    orderId: '1006',
    placedAt: '2026-01-28T14:20:00Z',
    total: 5600,
    email: 'noemie.pelletier@post.example.org',
    contactId: 'b887ebc0-fd70-11e6-ab7a-fa163e724ca4',
  },
  {
    orderId: '1007',
    placedAt: '2026-02-02T10:10:00Z',
    total: 2450,
    email: 'left.us@nowhere.example',
    // An id without a contact, as after a deletion.
    contactId: '06a100de-19b6-4266-874b-afff00ff6b01',
  },
  {
    orderId: '1008',
    placedAt: '2026-02-06T16:45:00Z',
    total: 990,
    email: 'old.system@nowhere.example',
    // Not a Constant Contact ID, as imported data may contain.
    contactId: 'customer-17',
  },
];
