import NameAddrHeader from 'jssip/lib/NameAddrHeader.js';
import type { Party } from '../../src/core/index.ts';
import { partyOf } from './stackAddress.ts';
import type { RawMessage, RawNameAddr } from './stackTypes.ts';

const headers = ['P-Asserted-Identity', 'Remote-Party-ID'];
// JsSIP's types say nothing of what it makes of a text that is none.
const { parse } = NameAddrHeader as unknown as {
  readonly parse: (text: string) => RawNameAddr | undefined;
};

/**
 * Who the far end is by the word of a server: the first SIP address of `P-Asserted-Identity` (RFC 3325), or of
 * `Remote-Party-ID`, which came before it. Nobody where privacy is asked for.
 */
export function assertedBy(message: RawMessage): Party | undefined {
  if (/\b(?:id|full)\b/i.test(message.getHeader('Privacy') ?? '')) return undefined;
  const [found] = headers
    .flatMap((name) => message.getHeaders(name))
    // Several identities may stand in one header.
    .flatMap((value) => value.split(/,\s*(?=[<"])/))
    .flatMap((value) => (/;privacy=(?!off)/i.test(value) ? [] : (parse(value) ?? [])));
  return found && partyOf(found);
}
