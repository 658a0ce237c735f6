// From CommonJS, in a Node that cannot require ES modules.
import('constant-contact-graphql').then(({ schema }) => {
  console.log(schema.getQueryType().name);
});
