import { graphql } from 'relay-runtime';

export const Contacts = graphql`
  query contactsQuery($first: Int!) {
    contacts(first: $first) @connection(key: "contacts_contacts") {
      edges {
        node {
          id
          firstName
        }
      }
    }
    tags(first: $first) @connection(key: "contacts_tags") {
      edges {
        node {
          id
          name
        }
      }
    }
  }
`;

export const DeleteContact = graphql`
  mutation contactsDeleteMutation($input: DeleteContactInput!, $connections: [ID!]!) {
    deleteContact(input: $input) {
      deletedId @deleteEdge(connections: $connections) @deleteRecord
      userErrors {
        message
        upstreamMessages
      }
    }
  }
`;

export const DeleteContacts = graphql`
  mutation contactsDeleteSeveralMutation($input: DeleteContactsInput!, $connections: [ID!]!) {
    deleteContacts(input: $input) {
      deletedIds @deleteEdge(connections: $connections)
      userErrors {
        message
        upstreamMessages
      }
    }
  }
`;

export const CreateContact = graphql`
  mutation contactsCreateMutation($input: CreateContactInput!, $connections: [ID!]!) {
    createContact(input: $input) {
      contactEdge @prependEdge(connections: $connections) {
        cursor
        node {
          id
          firstName
        }
      }
      userErrors {
        message
        upstreamMessages
      }
    }
  }
`;

export const CreateTag = graphql`
  mutation contactsCreateTagMutation($input: CreateTagInput!, $connections: [ID!]!) {
    createTag(input: $input) {
      tag @appendNode(connections: $connections, edgeTypeName: "TagEdge") {
        id
        name
      }
      userErrors {
        message
        upstreamMessages
      }
    }
  }
`;
