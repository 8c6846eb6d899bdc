import { isPlain, section } from './values.ts';
import type { Plain } from './values.ts';

type Modifier = (
  description: RTCSessionDescriptionInit,
  source: { readonly originator: string },
) => RTCSessionDescriptionInit;

/** The fork's `codecPreferences`, wherever a configuration has it: names by kind, the best one first. */
export function codecModifiers(config: Plain): readonly Modifier[] {
  const given = [config, section(config, 'call'), section(config, 'userAgent')];
  const found = given.map((place) => place['codecPreferences']).find(isPlain);
  return found ? [preferring(found)] : [];
}

/** Puts the payload types of the preferred codecs in front, in what this side offers and answers. */
function preferring(preferences: Plain): Modifier {
  return (description, { originator }) => {
    if (originator !== 'local' || !description.sdp) return description;
    const sections = description.sdp.split(/^(?=m=)/m);
    return { ...description, sdp: sections.map((part) => reordered(part, preferences)).join('') };
  };
}

function reordered(part: string, preferences: Plain): string {
  const [, kind = '', head = '', list = ''] = /^m=(\w+)( \S+ \S+ )([\d ]+)/.exec(part) ?? [];
  const names = preferences[kind];
  if (!Array.isArray(names)) return part;
  // `PCMA`, `audio/PCMA` as browsers name it, or `PCMA/8000`, which the fork knows too.
  const wanted = names.map((name) =>
    String(name)
      .toLowerCase()
      .replace(/^(audio|video)\//, '')
      .replace(/\/.*/, ''),
  );
  const rank = (type: string): number => {
    const [, name = ''] = new RegExp(`^a=rtpmap:${type} ([^/]+)`, 'm').exec(part) ?? [];
    const place = wanted.indexOf(name.toLowerCase());
    return place < 0 ? wanted.length : place;
  };
  const types = list.split(' ').sort((one, other) => rank(one) - rank(other));
  return part.replace(`m=${kind}${head}${list}`, `m=${kind}${head}${types.join(' ')}`);
}
