import { graphql } from '../graphql/graphql.js';

/** What the form can change; the answer of the mutation brings it anew. */
export const ContactFormFragment = graphql(`
  fragment ContactForm on Contact {
    contactId
    firstName
    lastName
    jobTitle
    companyName
    anniversary
    updatedAt
    birthday {
      month
      day
    }
    emailAddress {
      address
      permissionToSend
    }
  }
`);

/**
 * A contact with its history: one call each for the contact, its rates, its history, and all custom fields together.
 * One call brings up to 100 entries of the history, so asking for fewer would save nothing.
 */
export const ContactQuery = graphql(
  `
    query Contact($id: ID!, $start: DateTime!, $end: DateTime!) {
      contact(id: $id) {
        ...ContactForm
        createdAt
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
        customFields {
          customFieldId
          field {
            customFieldId
            label
            type
          }
          value
          choices {
            label
          }
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
    }
  `,
  [ContactFormFragment],
);

export const UpdateContactMutation = graphql(
  `
    mutation UpdateContact($input: UpdateContactInput!) {
      updateContact(input: $input) {
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
