import { facade } from '../facade';

interface Answer {
  data: { contactLists: { nodes: { listId: string; name: string }[] } };
}

export const dynamic = 'force-dynamic';

/** A page rendered on the server needs no HTTP: it queries the facade in the same process. */
export default async function Page() {
  const query = encodeURIComponent('{ contactLists(first: 5) { nodes { listId name } } }');
  const response = await (await facade()).fetch(`http://facade/api/graphql?query=${query}`);
  const { data } = (await response.json()) as Answer;
  return (
    <main>
      <h1>Lists</h1>
      <ul>
        {data.contactLists.nodes.map(({ listId, name }) => (
          <li key={listId}>{name}</li>
        ))}
      </ul>
    </main>
  );
}
