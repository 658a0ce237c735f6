const { isObjectType, isSchema } = require('graphql');

// With import(), because Node 20.18 and older cannot require ES modules.
import('constant-contact-graphql').then(({ schema }) => {
  console.log(isSchema(schema), isObjectType(schema.getQueryType()));
});
