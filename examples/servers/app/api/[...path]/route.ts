import { facade } from '../../../facade';

/** GraphQL and GraphiQL are at /api/graphql; downloads of exports and health checks are next to it. */
const handle = async (request: Request): Promise<Response> => (await facade()).fetch(request);

export { handle as GET, handle as POST, handle as OPTIONS };
