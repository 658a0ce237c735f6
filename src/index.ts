import { buildSchema } from './schema/index.js';

export { readConfig, ConfigError, type Config, type Mode } from './config.js';
export { ConstantContactError, type ErrorKind } from './constant-contact/errors.js';
export type { Context } from './context.js';
export { createFacade, type Facade, type FacadeOptions } from './facade.js';
export { contactLists } from './loaders/contact-list.js';
export { contacts } from './loaders/contact.js';
export { customFields } from './loaders/custom-field.js';
export { emailCampaigns } from './loaders/email-campaign.js';
export { clearLoaders } from './loaders/index.js';
export { segments } from './loaders/segment.js';
export { tags } from './loaders/tag.js';
export { createSandbox, type Sandbox, type SandboxOptions } from './sandbox/index.js';
export type { DeclareTypes, ExtensibleTypes, Extend, ExtensionBuilder } from './schema/extension.js';
export { buildSchema, type SchemaOptions } from './schema/index.js';
export { cost, type Cost } from './schema/cost.js';
export { printApiSdl, printSdl } from './schema/sdl.js';
export type { Tags } from './schema/tags.js';
export { GRAPHQL_PATH, type Listening, type ListenOptions } from './server/embedding.js';
export type { ErrorCode } from './server/errors.js';
export type { Logger } from './server/logger.js';

/** The schema as it is served unless something is set or extended: a Federation 2 subgraph with resolvers. */
export const schema = buildSchema();
