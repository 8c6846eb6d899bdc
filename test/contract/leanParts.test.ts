import EventEmitter2 from 'eventemitter2';
import { Idiomorph } from 'idiomorph';
import { closestMatch } from 'leven';
import { createRequire } from 'node:module';
import { describe, expect, it, vi } from 'vitest';
import { syncControl } from '../../src/core/view/element.ts';
import { lean } from './lean.ts';

describe('the morphing of the script-tag file', () => {
  const own = (lean('idiomorph/dist/idiomorph.esm.js') as { Idiomorph: typeof Idiomorph })
    .Idiomorph;
  const both = [own, Idiomorph];

  // The same numbers in every run (Park and Miller's generator).
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };

  const words = ['one', 'two', 'three', ''];
  const tags = ['p', 'b', 'ul', 'svg', 'input', 'textarea', 'option'];

  function attributes(): string {
    const id = random(3) === 0 ? ` id="i${String(random(6))}"` : '';
    return `${id} class="c${String(random(3))}"${random(4) === 0 ? ' hidden' : ''}`;
  }

  function markup(depth: number): string {
    return Array.from({ length: random(4) + 1 }, () => {
      if (random(4) === 0) return `${words[random(4)] ?? ''}<!--${words[random(4)] ?? ''}-->`;
      const tag = tags[random(tags.length)] ?? 'p';
      const value = random(2) === 0 ? ` value="${words[random(4)] ?? ''}" checked` : '';
      if (tag === 'input') return `<input${attributes()}${value}>`;
      return `<${tag}${attributes()}>${depth > 0 ? markup(depth - 1) : 'text'}</${tag}>`;
    }).join('');
  }

  function morphed(library: typeof Idiomorph, before: string, after: string): unknown {
    const live = document.createElement('div');
    live.innerHTML = before;
    document.body.append(live);
    const drawn = document.createElement('template');
    drawn.innerHTML = after;
    for (const input of live.querySelectorAll('input')) {
      input.value = 'typed';
      input.checked = !input.checked;
    }
    const known = [...live.querySelectorAll('*')];
    const told: string[] = [];
    try {
      void library.morph(live, [...drawn.content.childNodes], {
        morphStyle: 'innerHTML',
        restoreFocus: false,
        callbacks: {
          beforeNodeMorphed: (old, next) => {
            told.push(`${old.nodeName} ${next.nodeName}`);
            if (!(old instanceof HTMLElement && next instanceof HTMLElement)) return true;
            // The engine writes form controls itself: the file has no code of the library's for that.
            return !old.classList.contains('c2') && !syncControl(old, next);
          },
          afterNodeAdded: (node) => {
            told.push(node.nodeName);
          },
        },
      });
    } catch (error) {
      // An id that moves into itself.
      told.push(String(error));
    }
    const kept = [...live.querySelectorAll('*')].map((element) => known.indexOf(element));
    const values = [...live.querySelectorAll('input')].map(({ value, checked }) => [
      value,
      checked,
    ]);
    live.remove();
    return { html: live.innerHTML, kept, values, told, left: document.body.children.length };
  }

  it('keeps, moves, adds and removes the same nodes as the published library', () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const kept: unknown[] = [];
    for (let turn = 0; turn < 150; turn++) {
      const [before, after] = [markup(2), markup(2)];
      const [ours, theirs] = both.map((library) => morphed(library, before, after));
      expect(ours, `${before}\n${after}`).toEqual(theirs);
      kept.push(ours);
    }
    expect(JSON.stringify(kept)).toContain('"kept":[0,1');
  });
});

const chromium = `v=0
o=- 4611731400430051336 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0 1
a=extmap-allow-mixed
a=msid-semantic: WMS 0c8b064d
m=audio 54400 UDP/TLS/RTP/SAVPF 111 63 9 0 8 110 126
c=IN IP4 192.0.2.1
b=AS:64
a=rtcp:9 IN IP4 0.0.0.0
a=candidate:1 1 udp 2122260223 192.0.2.1 54400 typ host generation 0 network-id 1 network-cost 10
a=ice-ufrag:F7gI
a=ice-pwd:x9cml/YzichV2+XlhiMu8g
a=ice-options:trickle
a=fingerprint:sha-256 00:11:22:33
a=setup:actpass
a=mid:0
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=sendrecv
a=msid:0c8b064d 98178685
a=rtcp-mux
a=rtpmap:111 opus/48000/2
a=rtcp-fb:111 transport-cc
a=fmtp:111 minptime=10;useinbandfec=1
a=rtpmap:126 telephone-event/8000
a=ssrc:2566107569 cname:t9YU8M1UxTF8Y1A1
a=something:that nobody knows; x=1
m=video 9 UDP/TLS/RTP/SAVPF 96 97
c=IN IP4 0.0.0.0
a=mid:1
a=recvonly
a=rid:h send
a=simulcast:recv 1;4,5 send 6;7
a=imageattr:97 send [x=800,y=640] recv [x=330,y=250]
a=ssrc-group:FID 1 2
m=application 9 UDP/DTLS/SCTP webrtc-datachannel
c=IN IP4 0.0.0.0
a=sctp-port:5000
a=max-message-size:262144
`;
const others = [
  'v=0\no=x 1 1 IN IP6 ::1\ns=a name\ni=about\ne=a@b\np=+1\nc=IN IP6 ::1\nt=0 0\na=inactive\nm=audio 4000 RTP/AVP 0 8\n',
  'v=0\no=x 1 1 IN IP4 1.2.3.4\ns=-\nt=0 0\nm=image 9 udptl t38\na=T38FaxVersion:0\nm=audio 0 RTP/AVP 0\na=sendonly\na=ptime:20\na=crypto:1 A b\n',
  'v=0\ns=-\nm=audio 1 RTP/AVP 0\nb=X-YZ:1\na=sendrecv \na=recvonly\na=rtpmap:x\na=\nnonsense\n',
  '',
];

interface Media {
  readonly type: string;
  readonly port: number;
  direction?: string;
}

interface Sdp {
  readonly parse: (text: string) => { readonly direction?: string; readonly media: Media[] };
  readonly write: (description: object) => string;
}

describe('the descriptions of the script-tag file', () => {
  const own = lean('sdp-transform/lib/index.js') as Sdp;
  const published = createRequire(import.meta.url)('sdp-transform') as Sdp;
  const texts = [chromium, ...others].map((text) => text.replaceAll('\n', '\r\n'));

  it.each(texts)('say of each medium what the published library says', (text) => {
    const facts = [own, published].map(({ parse }) => {
      const { direction, media } = parse(text);
      return [direction, media.map((medium) => [medium.type, medium.port, medium.direction])];
    });
    expect(facts[0]).toEqual(facts[1]);
  });

  it('change nothing when written again but the direction, as a hold does', () => {
    const sections = (text: string): string[][] =>
      text.split('m=').map((section) => section.split('\r\n').sort());
    for (const text of texts.slice(0, 3)) {
      expect(sections(own.write(own.parse(text)))).toEqual(sections(text));
    }
    const held = own.parse(chromium);
    for (const medium of held.media) medium.direction = 'inactive';
    const attributes = own.write(held).match(/^a=(sendrecv|recvonly|inactive)/gm);
    expect(attributes).toEqual(['a=inactive', 'a=inactive', 'a=inactive']);
  });
});

describe('the emitter of the script-tag file', () => {
  const { EventEmitter2: own } = lean('eventemitter2/lib/eventemitter2.js') as {
    readonly EventEmitter2: typeof EventEmitter2;
  };

  it('tells, forgets and counts listeners as the published one', () => {
    const stories = [own, EventEmitter2].map((Emitter) => {
      const emitter = new Emitter({ maxListeners: 0 });
      const heard: unknown[] = [];
      const hear =
        (name: string) =>
        (...told: readonly unknown[]): void => {
          heard.push([name, ...told]);
        };
      const [a, b, all] = [hear('a'), hear('b'), hear('all')];
      emitter.on('x', a);
      emitter.on('x', b);
      emitter.on('y', b);
      emitter.once('x', hear('once'));
      emitter.once('y', hear('once more'));
      emitter.onAny(all);
      for (const name of ['x', 'x', 'y', 'y', 'y', 'z']) heard.push(emitter.emit(name, 1, 2, 3, 4));
      emitter.off('x', a);
      emitter.removeListener('x', hear('unknown'));
      heard.push(emitter.emit('x'), emitter.emit('x', 1), emitter.emit('x', 1, 2));
      heard.push(
        emitter.eventNames(),
        emitter.listeners('x').length,
        emitter.listenersAny().length,
      );
      emitter.offAny(all);
      emitter.removeAllListeners('y');
      heard.push(emitter.emit('x'), emitter.emit('y'), emitter.emit('z'));
      emitter.removeAllListeners();
      heard.push(emitter.emit('x'), emitter.eventNames());
      return heard;
    });
    expect(stories[0]).toEqual(stories[1]);
    expect(stories[0]?.length).toBeGreaterThan(30);
  });
});

describe('the nearest key of the script-tag file', () => {
  const { closestMatch: own } = lean('leven/index.js') as {
    readonly closestMatch: typeof closestMatch;
  };

  it('is the one that the published library finds', () => {
    const known = [
      'sockets',
      'socket',
      'transport',
      'ringer',
      'realm',
      'username',
      'userName',
      'tones',
    ];
    const asked = [
      'sokets',
      'trasnport',
      'ring',
      'real',
      'usernam',
      'user_name',
      'x',
      '',
      'somethingElse',
    ];
    const found = [own, closestMatch].map((nearest) =>
      [...asked, ...known].map((key) => nearest(key, known, { maxDistance: 4 })),
    );
    expect(found[0]).toEqual(found[1]);
    expect(found[0]?.slice(0, 2)).toEqual(['sockets', 'transport']);
  });
});
