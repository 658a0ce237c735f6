import { graphql } from '../graphql/graphql.js';

/** The editable fields; the mutation selects them again. */
export const ContactFormFragment = graphql(`
  fragment ContactForm on Contact {
    contactId
    firstName
    lastName
    jobTitle
    companyName
    anniversary
    updatedAt
    deletedAt
    birthday {
      month
      day
    }
    emailAddress {
      address
      permissionToSend
    }
    lists {
      listId
    }
    tags {
      tagId
    }
    phoneNumbers {
      phoneNumberId
      kind
      number
    }
    customFields {
      customFieldId
      value
      choiceIds
    }
  }
`);

/** All custom fields of the account: one call. */
export const CustomFieldsQuery = graphql(`
  query CustomFields {
    customFields(first: 100) {
      nodes {
        customFieldId
        label
        type
        choices {
          choiceId
          label
        }
      }
    }
  }
`);

/**
 * A contact with its history: one call each for the contact, its rates, its history, and all custom fields
 * together. Values include ids only, so that saving does not read the fields again; names and choices are in
 * the last part. One call returns up to 100 entries of the history, so requesting fewer would save nothing.
 */
export const ContactQuery = graphql(
  `
    query Contact($id: ID!, $start: DateTime!, $end: DateTime!) {
      contact(id: $id) {
        ...ContactForm
        createdAt
        streetAddresses {
          streetAddressId
          kind
          street
          city
          state
          postalCode
          country
        }
        notes {
          noteId
          content
          createdAt
        }
        openAndClickRates(start: $start, end: $end) {
          includedActivitiesCount
          averageOpenRate
          averageClickRate
        }
        activityDetails(first: 100) {
          nodes {
            type
            createdAt
            campaignActivityName
          }
        }
      }
      customFields(first: 100) {
        nodes {
          customFieldId
          label
          type
          choices {
            choiceId
            label
          }
        }
      }
    }
  `,
  [ContactFormFragment],
);

export const UpdateContactMutation = graphql(
  `
    mutation UpdateContact($input: UpdateContactInput!) {
      result: updateContact(input: $input) {
        contact {
          ...ContactForm
        }
        userErrors {
          code
          field
          message
        }
      }
    }
  `,
  [ContactFormFragment],
);

export const CreateContactMutation = graphql(`
  mutation CreateContact($input: CreateContactInput!) {
    result: createContact(input: $input) {
      contact {
        contactId
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`);

export const DeleteContactMutation = graphql(`
  mutation DeleteContact($id: ID!) {
    result: deleteContact(input: { id: $id }) {
      deletedContactId
      userErrors {
        message
      }
    }
  }
`);
