import { dirname, join } from 'node:path';
import ts from 'typescript';

export interface Source {
  /** Name of the program in problems. */
  readonly name: string;
  readonly text: string;
  /** `ts` or `js`. */
  readonly language: string;
}

/**
 * Compiler errors of programs in pages, with the project's compiler options. They import the package by its
 * name, as readers do; each is a module of its own.
 */
export function typeProblems(sources: readonly Source[], root: string): string[] {
  if (sources.length === 0) return [];
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: { compilerOptions: Record<string, unknown> };
  };
  const { options } = ts.convertCompilerOptionsFromJson(
    {
      ...config.compilerOptions,
      baseUrl: root,
      paths: { 'constant-contact-graphql': ['./src/index.ts'] },
      moduleDetection: 'force',
      allowJs: true,
      checkJs: true,
      incremental: false,
      tsBuildInfoFile: undefined,
    },
    root,
  );
  const files = new Map(
    sources.map((source, at) => [join(root, 'docs', `block-${String(at)}.${source.language}`), source]),
  );
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile, directoryExists } = host;
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.readFile = (path) => files.get(path)?.text ?? readFile(path);
  host.directoryExists = (path) =>
    path === dirname(join(root, 'docs', 'x')) || (directoryExists?.(path) ?? false);
  host.getSourceFile = (path, version, ...rest) => {
    const own = files.get(path);
    return own ? ts.createSourceFile(path, own.text, version) : getSourceFile(path, version, ...rest);
  };
  const program = ts.createProgram({ rootNames: [...files.keys()], options, host });
  return [...files].flatMap(([path, { name }]) => {
    const file = program.getSourceFile(path);
    if (!file) return [`${name} was not read`];
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      ({ messageText, start }) => {
        const line = file.getLineAndCharacterOfPosition(start ?? 0).line + 1;
        return `${name}, line ${String(line)} of the block: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
      },
    );
  });
}
