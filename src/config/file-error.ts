/** Reason why the file of a variable cannot be read, as a message that names both. */
export function describeFileError(variable: string, path: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return `${variable}: the file ${path} does not exist.`;
  if (code === 'EISDIR') return `${variable}: ${path} is a directory, not a file.`;
  if (code === 'EACCES') return `${variable}: this user may not read the file ${path}.`;
  return `${variable} cannot be read: ${message}`;
}
