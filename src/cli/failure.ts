import { ConfigError } from '../config.js';
import { ConstantContactError } from '../constant-contact/errors.js';
import { LoginUnreadable } from '../constant-contact/auth/token-codec.js';
import { OAuthError } from '../constant-contact/auth/oauth.js';
import { RedisUnusable } from '../constant-contact/redis/address.js';
import { StartError, UsageError } from './support.js';

/** Text for an error that the user can correct. Other errors are bugs and keep their stack. */
export function describeFailure(error: unknown): string {
  if (error instanceof ConfigError) return `Invalid configuration.\n${error.message}`;
  if (error instanceof UsageError) return `${error.message}\nSee --help.`;
  if (error instanceof StartError || error instanceof RedisUnusable) return error.message;
  if (error instanceof LoginUnreadable) return `${error.message}\nIt is in ${error.place}.`;
  if (error instanceof ConstantContactError || error instanceof OAuthError) {
    return `${error.message}${systemReasonOf(error)}\nRun \`npx constant-contact-graphql doctor\` for details.`;
  }
  if (isAddressError(error)) return describeAddressError(error);
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Message of the operating system, such as a missing permission for a path. */
function systemReasonOf({ cause }: Error): string {
  return cause instanceof Error && 'syscall' in cause ? `\n${cause.message}` : '';
}

function describeAddressError({ code, port, address = '', message }: AddressError): string {
  const place = `${address}:${String(port)}`;
  if (code === 'EADDRINUSE')
    return `Another program already listens on ${place} (EADDRINUSE).\nStop it, or use another port with --port or PORT.`;
  if (code === 'EADDRNOTAVAIL')
    return `This machine has no address ${address} (EADDRNOTAVAIL).\nUse another one with --host or HOST.`;
  return `The server cannot listen on ${place}: ${message}\nUse another port with --port or PORT.`;
}

type AddressError = NodeJS.ErrnoException & { port?: number; address?: string };

function isAddressError(error: unknown): error is AddressError {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EADDRINUSE' || code === 'EACCES' || code === 'EADDRNOTAVAIL';
}
