import type { Api } from '../../constant-contact/api.js';

/**
 * When a loader that answers many ids with few calls begins: once everything that may still ask for ids has come in.
 * Ids that answers bring one after the other would else be loaded one after the other. The answer to the whole
 * operation waits for what is under way in any case.
 */
export function gather({ quiet }: Pick<Api, 'quiet'>): (dispatch: () => void) => void {
  return (dispatch) => {
    // Resolvers that run now, and the promises that they settle, come first; then loaders that read one by one begin, in
    // the tick that DataLoader puts them off to: what they are reading may bring what is wanted here.
    void Promise.resolve().then(() => {
      process.nextTick(() => {
        process.nextTick(() => {
          quiet.when(dispatch);
        });
      });
    });
  };
}
