import { graphql } from '../graphql/graphql.js';

/** One REST call each, for up to 500 contacts; then the job is followed. */
export const BULK_ACTIONS = {
  addToList: {
    label: 'Add to list',
    of: 'lists',
    doing: 'Adding to',
    done: 'added to',
    document: graphql(`
      mutation AddToList($contacts: [ID!]!, $groups: [ID!]!) {
        result: addListMemberships(input: { source: { contactIds: $contacts }, listIds: $groups }) {
          bulkActivity {
            activityId
          }
          userErrors {
            message
          }
        }
      }
    `),
  },
  removeFromList: {
    label: 'Remove from list',
    of: 'lists',
    doing: 'Removing from',
    done: 'removed from',
    document: graphql(`
      mutation RemoveFromList($contacts: [ID!]!, $groups: [ID!]!) {
        result: removeListMemberships(input: { source: { contactIds: $contacts }, listIds: $groups }) {
          bulkActivity {
            activityId
          }
          userErrors {
            message
          }
        }
      }
    `),
  },
  addTag: {
    label: 'Add tag',
    of: 'tags',
    doing: 'Tagging with',
    done: 'tagged with',
    document: graphql(`
      mutation AddTag($contacts: [ID!]!, $groups: [ID!]!) {
        result: addContactTaggings(input: { source: { contactIds: $contacts }, tagIds: $groups }) {
          bulkActivity {
            activityId
          }
          userErrors {
            message
          }
        }
      }
    `),
  },
  removeTag: {
    label: 'Remove tag',
    of: 'tags',
    doing: 'Taking off',
    done: 'no longer tagged with',
    document: graphql(`
      mutation RemoveTag($contacts: [ID!]!, $groups: [ID!]!) {
        result: removeContactTaggings(input: { source: { contactIds: $contacts }, tagIds: $groups }) {
          bulkActivity {
            activityId
          }
          userErrors {
            message
          }
        }
      }
    `),
  },
} as const;

export const DeleteContactsMutation = graphql(`
  mutation DeleteContacts($contacts: [ID!]!) {
    result: deleteContacts(input: { source: { contactIds: $contacts } }) {
      bulkActivity {
        activityId
      }
      userErrors {
        message
      }
    }
  }
`);
