import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  [property: string]: any;
}

const FILE = fileURLToPath(new URL('manifests.generated.ts', import.meta.url));

/**
 * Type errors of objects against the types of the Kubernetes API: unknown, missing and mistyped properties.
 * Each object is compiled as a literal, because only literals are checked for unknown properties.
 */
export function kubernetesErrors(objects: readonly KubernetesObject[]): string[] {
  const source = objects
    .map(
      (object, at) =>
        `import type { I${object.kind} as T${String(at)} } from 'kubernetes-models/${object.apiVersion}/${object.kind}';\n` +
        `export const o${String(at)}: T${String(at)} = ${JSON.stringify(object, null, 2)};`,
    )
    .join('\n');
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name === FILE || fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === FILE ? ts.createSourceFile(name, source, rest[0]) : getSourceFile(name, ...rest);
  const program = ts.createProgram([FILE], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}
