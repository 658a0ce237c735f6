declare module 'swagger2openapi' {
  interface Options {
    /** Repairs small errors of the source that would abort the conversion. */
    patch?: boolean;
    /** Writes non-fatal errors to `x-` properties of the output instead of throwing. */
    warnOnly?: boolean;
  }
  const converter: {
    convertObj(swagger: object, options: Options): Promise<{ openapi: Record<string, unknown> }>;
  };
  export default converter;
}
