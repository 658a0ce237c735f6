declare module 'swagger2openapi' {
  interface Options {
    /** Repairs small errors of the source that would end the conversion. */
    patch?: boolean;
    /** Notes non-fatal errors in the output, in `x-` properties, in place of throwing. */
    warnOnly?: boolean;
  }
  const converter: {
    convertObj(swagger: object, options: Options): Promise<{ openapi: Record<string, unknown> }>;
  };
  export default converter;
}
