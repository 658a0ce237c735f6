import { graphql } from '../graphql/graphql.js';

export const GroupsQuery = graphql(`
  query Groups {
    contactLists(first: 1000) {
      nodes {
        listId
        name
      }
    }
    tags(first: 500) {
      nodes {
        tagId
        name
      }
    }
  }
`);

/** Lists and tags with their sizes. The same two calls, but sizes change with every contact. */
export const GroupSizesQuery = graphql(`
  query GroupSizes {
    contactLists(first: 1000) {
      nodes {
        listId
        name
        membershipCount
      }
    }
    tags(first: 500) {
      nodes {
        tagId
        name
        contactsCount
      }
    }
  }
`);

export const CreateListMutation = graphql(`
  mutation CreateList($name: String!) {
    result: createContactList(input: { name: $name }) {
      contactList {
        listId
        name
      }
      userErrors {
        message
      }
    }
  }
`);

export const RenameListMutation = graphql(`
  mutation RenameList($id: ID!, $name: String!) {
    result: updateContactList(input: { id: $id, name: $name }) {
      contactList {
        listId
        name
      }
      userErrors {
        message
      }
    }
  }
`);

export const DeleteListMutation = graphql(`
  mutation DeleteList($id: ID!) {
    result: deleteContactList(input: { id: $id }) {
      deletedListId
      userErrors {
        message
      }
    }
  }
`);

export const CreateTagMutation = graphql(`
  mutation CreateTag($name: String!) {
    result: createTag(input: { name: $name }) {
      tag {
        tagId
        name
      }
      userErrors {
        message
      }
    }
  }
`);

export const RenameTagMutation = graphql(`
  mutation RenameTag($id: ID!, $name: String!) {
    result: updateTag(input: { id: $id, name: $name }) {
      tag {
        tagId
        name
      }
      userErrors {
        message
      }
    }
  }
`);

export const DeleteTagMutation = graphql(`
  mutation DeleteTag($id: ID!) {
    result: deleteTag(input: { id: $id }) {
      deletedTagId
      userErrors {
        message
      }
    }
  }
`);
