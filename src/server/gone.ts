import { Attached } from '../constant-contact/attached.js';
import { Stop } from '../constant-contact/stop.js';

const clients = new Attached<Request, Stop>();

/** Fires when the client of this request disconnects. */
export function disconnectSignalOf(request: Request): Stop {
  let gone = clients.get(request);
  if (!gone) {
    gone = new Stop();
    // The signal of the HTTP adapter's requests is not an `AbortSignal`, which some libraries require.
    gone.follow(request.signal);
    clients.set(request, gone);
  }
  return gone;
}

/** For requests that are not made by the HTTP adapter. */
export function setDisconnectSignal(request: Request, gone: Stop): void {
  clients.set(request, gone);
}
