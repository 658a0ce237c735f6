import { useMutation, useQuery } from 'urql';
import { Link } from 'react-router';
import { problemOf } from '../graphql/problem.js';
import { useUrlState } from '../ui/url-state.js';
import { Page, Skeleton } from '../ui/page.js';
import { ProblemNote } from '../ui/problem.js';
import { GroupsCard } from './groups-card.js';
import {
  CreateListMutation,
  CreateTagMutation,
  DeleteListMutation,
  DeleteTagMutation,
  GroupSizesQuery,
  RenameListMutation,
  RenameTagMutation,
} from './groups-query.js';

export function GroupsPage() {
  const { params } = useUrlState();
  const isTags = params.get('kind') === 'tags';
  // Sizes change with every contact, so they are read again each time; cached ones are shown meanwhile.
  const [{ data, error, fetching }, reload] = useQuery({
    query: GroupSizesQuery,
    requestPolicy: 'cache-and-network',
  });
  const [, createList] = useMutation(CreateListMutation);
  const [, renameList] = useMutation(RenameListMutation);
  const [, deleteList] = useMutation(DeleteListMutation);
  const [, createTag] = useMutation(CreateTagMutation);
  const [, renameTag] = useMutation(RenameTagMutation);
  const [, deleteTag] = useMutation(DeleteTagMutation);
  const problem = problemOf(error);
  const lists = data?.contactLists?.nodes.map(({ listId, name, membershipCount }) => ({
    id: listId,
    name,
    size: membershipCount ?? 0,
  }));
  const tags = data?.tags?.nodes.map(({ tagId, name, contactsCount }) => ({
    id: tagId,
    name,
    size: contactsCount ?? 0,
  }));
  const groups = isTags ? tags : lists;
  return (
    <Page title="Lists and tags">
      <nav className="tabs" aria-label="Kind">
        <Link to="/lists" aria-current={isTags ? undefined : 'page'}>
          Lists
        </Link>
        <Link to="/lists?kind=tags" aria-current={isTags ? 'page' : undefined}>
          Tags
        </Link>
      </nav>
      {problem && <ProblemNote problem={problem} onRetry={() => reload({ requestPolicy: 'network-only' })} />}
      {!groups && fetching && <Skeleton rows={8} label="Loading lists and tags" />}
      {groups &&
        (isTags ? (
          <GroupsCard
            key="tags"
            noun="tag"
            groups={groups}
            create={(name) => createTag({ name })}
            rename={(id, name) => renameTag({ id, name })}
            remove={(id) => deleteTag({ id })}
          />
        ) : (
          <GroupsCard
            key="lists"
            noun="list"
            groups={groups}
            create={(name) => createList({ name })}
            rename={(id, name) => renameList({ id, name })}
            remove={(id) => deleteList({ id })}
          />
        ))}
    </Page>
  );
}
