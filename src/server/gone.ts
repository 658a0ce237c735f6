import { Attached } from '../constant-contact/attached.js';
import { Stop } from '../constant-contact/stop.js';

const clients = new Attached<Request, Stop>();

/** Fires when the client of this request goes away. */
export function disconnectSignalOf(request: Request): Stop {
  let gone = clients.get(request);
  if (!gone) {
    gone = new Stop();
    // The HTTP adapter's requests have a stand-in for a signal, which other libraries do not always accept as one.
    gone.follow(request.signal);
    clients.set(request, gone);
  }
  return gone;
}

/** For whoever receives requests and sees by itself that the client goes away. */
export function setDisconnectSignal(request: Request, gone: Stop): void {
  clients.set(request, gone);
}
