/** Leaves out the middle of a longer text: the end of a message says what is wrong with the value that it quotes. */
export function shorten(text: string, length: number): string {
  const half = length / 2;
  return text.length <= length ? text : `${text.slice(0, half)} … ${text.slice(-half)}`;
}
