import { Attached } from '../constant-contact/attached.js';
import { Stop } from '../constant-contact/stop.js';
import { PlainRequest } from './direct/plain.js';

const known = new Attached<Request, Stop>();

/** Fires when the client of this request goes away. */
export function goneOf(request: Request): Stop {
  if ((request as unknown) instanceof PlainRequest) return (request as unknown as PlainRequest).gone;
  let gone = known.get(request);
  if (!gone) {
    gone = new Stop();
    // The HTTP adapter's requests have a stand-in for a signal, which other libraries do not always take for real.
    gone.follow(request.signal);
    known.set(request, gone);
  }
  return gone;
}
