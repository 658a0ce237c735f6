import type { Schema } from '../constant-contact/contract/operations.js';
import { moneyOf, priced, type Priced } from '../resolvers/support/money.js';
import { builder } from './builder.js';
import { enumFields, openEnum } from './enums.js';
import { dateTime } from './fields.js';
import { Money } from './money.js';

export const PaymentStatus = openEnum(
  'EventPaymentStatus',
  'Payment status of a registration for an event.',
  {
    PENDING: 'Not paid yet.',
    PAID: 'The payment was received.',
    REFUNDED: 'The payment was returned.',
    CANCELED: { wire: ['CANCELLED', 'CANCELED'], description: 'The payment was cancelled.' },
    FAILED: 'The payment did not go through.',
    CHARGED_BACK: 'The bank of the payer reversed the payment.',
  },
);

export const EventFormField = builder.objectRef<Schema<'SimpleFieldDto'>>('EventFormField').implement({
  description: 'Field of a registration form with the entered value.',
  fields: (t) => ({
    name: t.exposeString('field_name', { description: 'Name of the field, such as CONTACT_EMAIL_ADDRESS.' }),
    label: t.exposeString('field_label', { description: 'Label of the field in the form.' }),
    labelKey: t.exposeString('label_key', { description: 'Translation key of the field label.' }),
    type: t.exposeString('field_type', {
      description: 'Type of field, as the REST API names it, such as TEXT_AREA, DATE or SINGLE_SELECT.',
    }),
    value: t.exposeString('field_value', { description: 'Entered value.' }),
    choices: t.exposeStringList('choices', {
      description: 'Available choices, for fields with choices.',
    }),
    displayOrder: t.exposeInt('display_order', { description: 'Position in the form.' }),
  }),
});

export const EventTicket = builder
  .objectRef<Priced<Schema<'RegistrationTicketDto'>>>('EventTicket')
  .implement({
    description: 'Ticket of a registration for an event.',
    fields: (t) => ({
      ticketKey: t.exposeID('order_ticket_key', {
        description: 'Key of the ticket, for `checkInTickets`.',
      }),
      name: t.exposeString('ticket_name', { description: 'Name of the ticket type.' }),
      price: t.field({
        type: Money,
        description: 'Price of the ticket.',
        resolve: ({ price, currency }) => moneyOf(price, currency),
      }),
      editable: t.exposeBoolean('editable', { description: 'True when the ticket can be changed.' }),
      checkedInAt: dateTime(t, 'checked_in_time', 'When the holder was checked in. `null` until then.'),
      fields: t.expose('fields', {
        type: [EventFormField],
        description: 'Form fields of this ticket, with the entered values.',
      }),
    }),
  });

const EventOrderLine = builder.objectRef<Priced<Schema<'LineItemDetailsDto'>>>('EventOrderLine').implement({
  description: 'Line item of an order.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Name of the line item.' }),
    type: t.exposeString('line_item_type', {
      description: 'Type of line item, as the REST API names it, such as TICKET.',
    }),
    amount: t.field({
      type: Money,
      description: 'Amount of the line item.',
      resolve: ({ amount_unformatted, currency }) => moneyOf(amount_unformatted, currency),
    }),
    formattedAmount: t.exposeString('amount', { description: 'Amount as text, with its currency.' }),
  }),
});

export const EventOrder = builder.objectRef<Priced<Schema<'OrderDetailsDto'>>>('EventOrder').implement({
  description: 'Order of a registration, with its payment.',
  fields: (t) => ({
    number: t.exposeString('number', { description: 'Order number.' }),
    title: t.exposeString('title', { description: 'Order title.' }),
    ...enumFields(t, 'paymentStatus', 'payment_status', PaymentStatus, 'Payment status of the order.'),
    paymentMethod: t.exposeString('payment_method', {
      description:
        'Payment method, as the REST API names it: PAYPAL, STRIPE, WEPAY, DOOR or CHECK. `null` when nothing has to be paid.',
    }),
    paidAt: dateTime(t, 'payment_time', 'When the order was paid.'),
    transactionId: t.exposeString('payment_transaction_id', {
      description: 'ID of the payment transaction.',
    }),
    ticketsUrl: t.exposeString('tickets_link', { description: 'Address of the tickets.' }),
    ticketsText: t.exposeString('tickets_text', { description: 'Text about the tickets.' }),
    lines: t.field({
      type: [EventOrderLine],
      description: 'Line items of the order.',
      resolve: ({ details, currency }) => priced(details, currency),
    }),
  }),
});
