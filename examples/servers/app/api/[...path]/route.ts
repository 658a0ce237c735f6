import { facade } from '../../../facade';

/** GraphQL and GraphiQL at /api/graphql; downloads of exports, health and the rest beside it. */
const handle = async (request: Request): Promise<Response> => (await facade()).fetch(request);

export { handle as GET, handle as POST, handle as OPTIONS };
