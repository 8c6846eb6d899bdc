/**
 * The description of the far end with one clock for telephone events. Chromium sends events in the
 * 8 kHz clock whenever the far end takes it, but counts their length in the clock of the codec: next
 * to opus a tone then lasts a sixth of what was asked for. Where the far end takes events in the
 * clock of its first codec too, the other one is left out, and tones last what they should. Firefox
 * has no clock but the one of 8 kHz: without that it would have no tones to send.
 */
export function withOneEventClock(sdp: string): string {
  if (navigator.userAgent.includes('Firefox/')) return sdp;
  return sdp
    .split(/(?=^m=)/m)
    .map((section) => (section.startsWith('m=audio ') ? inAudio(section) : section))
    .join('');
}

function inAudio(section: string): string {
  const [media = '', ...attributes] = section.split('\r\n');
  const [kind = '', port = '', protocol = '', ...formats] = media.split(' ');
  const known = new Map(attributes.flatMap(formatIn));
  const events = formats.filter((format) => known.get(format)?.isEvent === true);
  const codecClock = known.get(formats[0] ?? '')?.clock;
  const dropped = events.filter((format) => known.get(format)?.clock !== codecClock);
  // Without one that fits, any is better than none.
  if (dropped.length === events.length) return section;
  const kept = formats.filter((format) => !dropped.includes(format));
  return [
    [kind, port, protocol, ...kept].join(' '),
    ...attributes.filter((line) => !dropped.includes(subjectOf(line))),
  ].join('\r\n');
}

interface Format {
  readonly clock: number;
  readonly isEvent: boolean;
}

function formatIn(line: string): readonly (readonly [string, Format])[] {
  const match = /^a=rtpmap:(\d+) ([^/\s]+)\/(\d+)/.exec(line);
  if (!match) return [];
  const [, format = '', name = '', clock = ''] = match;
  return [[format, { clock: Number(clock), isEvent: name.toLowerCase() === 'telephone-event' }]];
}

// The payload type that an attribute is about, or '' (RFC 8866 sections 6.6 and 6.15).
function subjectOf(line: string): string {
  return /^a=(?:rtpmap|fmtp|rtcp-fb):(\d+) /.exec(line)?.[1] ?? '';
}
