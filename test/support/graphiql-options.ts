/** Options of the GraphiQL page, including its tabs: the content of a script that the page loads. */
export async function graphiqlOptions(url: string): Promise<string> {
  const page = await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } });
  const path = /data-options="([^"]+)"/.exec(await page.text())?.[1] ?? '';
  const response = await fetch(new URL(path, `${url}/graphql`));
  return response.text();
}
