import { describe, expect, it, vi } from 'vitest';
import type { MediaPortOptions } from '../../plugins/userAgent/types.ts';
import { settled } from '../support/fakeSession.ts';
import { anySdp } from '../support/scriptedSocket.ts';
import { started } from './userAgentOptionsScene.ts';
import {
  ackOf,
  connections,
  incomingInvite,
  inDialog,
  media,
  ok,
  server,
} from './userAgentScene.ts';

/** A phone with a media port that does not register. */
const phoneWithPort = (media: MediaPortOptions, pc_config: RTCConfiguration = {}) =>
  started({ user_agent: { register: false, media, pc_config } });

type Modifier = NonNullable<MediaPortOptions['modifiers']>[number];

const adding =
  (line: string): Modifier =>
  ({ type, sdp = '' }) => ({ type, sdp: sdp.includes(line) ? sdp : `${sdp}${line}\r\n` });

describe('the connection of a call', () => {
  it('is the one that the application makes, with the configuration of calls', async () => {
    const configs: RTCConfiguration[] = [];
    const made: RTCPeerConnection[] = [];
    const peerConnection = (config: RTCConfiguration): RTCPeerConnection => {
      configs.push(config);
      const connection = new RTCPeerConnection(config);
      made.push(connection);
      return connection;
    };
    const iceServers = [{ urls: 'stun:stun.example.com' }];
    const test = await phoneWithPort({ peerConnection }, { iceServers });
    const calling = test.api('userAgent').call('2002');
    await server.reply(await server.next('INVITE'), 200, ok);
    const call = await calling;
    await settled();
    expect(call.isEstablished()).toBe(true);
    expect(configs).toEqual([expect.objectContaining({ iceServers })]);
    expect(connections).toHaveLength(1);
    expect(test.events.last('call.peerconnection').peerConnection).toBe(made[0]);
  });

  it('is made by it for a call that comes in, and by nobody for the phone beside it', async () => {
    const peerConnection = vi.fn((config: RTCConfiguration) => new RTCPeerConnection(config));
    const test = await phoneWithPort({ peerConnection });
    await server.say(incomingInvite());
    const [call] = test.phone.calls.list();
    await call?.answer();
    await server.say(ackOf(await server.nextResponse(200)));
    expect(call?.isEstablished()).toBe(true);
    expect(peerConnection).toHaveBeenCalledTimes(1);

    const other = await started({ user_agent: { register: false } });
    void other.api('userAgent').call('2002');
    await server.next('INVITE');
    expect([connections.length, peerConnection.mock.calls.length]).toEqual([2, 1]);
  });

  it.each([
    ['made here', {}],
    ['made by the application', { media: {} }],
  ])('that is lost ends the call and lets go of the microphone (%s)', async (_, options) => {
    const test = await started({ user_agent: { register: false, ...options } });
    const calling = test.api('userAgent').call('2002');
    await server.reply(await server.next('INVITE'), 200, ok);
    const call = await calling;
    await settled();
    const [connection] = connections;
    Object.assign(connection ?? {}, { iceConnectionState: 'failed' });
    connection?.dispatchEvent(new Event('iceconnectionstatechange'));
    await server.next('BYE');
    await settled();
    expect(call.snapshot.end).toMatchObject({ by: 'network', key: 'connectionLost' });
    expect(media.liveTracks()).toEqual([]);
  });

  it('that cannot be made fails the call, and the phone goes on', async () => {
    const test = await phoneWithPort({
      peerConnection: () => {
        throw new Error('no media here');
      },
    });
    await expect(test.api('userAgent').call('2002')).rejects.toMatchObject({
      code: 'media.failed',
    });
    await settled();
    expect([test.phone.calls.list(), test.api('userAgent').isConnected()]).toEqual([[], true]);
  });
});

describe('the modifiers of descriptions', () => {
  it('change what is offered, in order, and may take their time', async () => {
    const later: Modifier = (description) => Promise.resolve(adding('a=x-two')(description, local));
    const local = { originator: 'local' } as const;
    const test = await phoneWithPort({ modifiers: [adding('a=x-one'), later] });
    void test.api('userAgent').call('2002');
    expect((await server.next('INVITE')).body).toContain('a=sendrecv\r\na=x-one\r\na=x-two\r\n');
  });

  it('see every description of a call: the answers and offers of both sides', async () => {
    const seen: string[] = [];
    const watch: Modifier = (description, { originator }) => {
      seen.push(`${originator} ${description.type}`);
      return description;
    };
    const test = await phoneWithPort({ modifiers: [watch] });
    const calling = test.api('userAgent').call('2002');
    const invite = await server.next('INVITE');
    await server.reply(invite, 200, ok);
    const call = await calling;
    await server.next('ACK');
    await settled();
    const holding = call.hold();
    await settled();
    await server.reply(await server.next('INVITE'), 200, ok);
    await holding;
    const once = ['local offer', 'local offer', 'remote answer'];
    expect(seen).toEqual([...once, ...once]);

    const headers = ['Content-Type: application/sdp', 'Contact: <sip:2002@192.0.2.9>'];
    const reinvite = inDialog(invite, 'INVITE', headers);
    const length = `Content-Length: ${String(anySdp.length)}\r\n\r\n${anySdp}`;
    await server.say(reinvite.replace('Content-Length: 0\r\n\r\n', length));
    await server.nextResponse(200);
    expect(seen.slice(6)).toEqual(['remote offer', 'local answer', 'local answer']);
  });

  it('have the last word over what the browser makes of a description', async () => {
    const test = await phoneWithPort({ modifiers: [adding('a=x-kept')] });
    // A browser leaves out what it does not know.
    vi.spyOn(RTCPeerConnection.prototype, 'setLocalDescription').mockImplementation(function forget(
      this: RTCPeerConnection,
      description?: RTCLocalSessionDescriptionInit,
    ) {
      Object.assign(this, { localDescription: { ...description, sdp: anySdp } });
      return Promise.resolve();
    });
    void test.api('userAgent').call('2002');
    expect((await server.next('INVITE')).body).toContain('a=x-kept');
  });

  it('change what the browser is told of the far end', async () => {
    const test = await phoneWithPort({ modifiers: [adding('a=x-seen')] });
    await server.say(incomingInvite());
    const [call] = test.phone.calls.list();
    const told = vi.spyOn(RTCPeerConnection.prototype, 'setRemoteDescription');
    await call?.answer();
    expect(told.mock.calls[0]?.[0]?.sdp).toContain('a=x-seen');
    expect((await server.nextResponse(200)).body).toContain('a=x-seen');
  });

  it('that fail, fail the call with a reason', async () => {
    const test = await phoneWithPort({
      modifiers: [() => Promise.reject(new Error('not like this'))],
    });
    await expect(test.api('userAgent').call('2002')).rejects.toMatchObject({ code: 'call.ended' });
    expect(server.requests('INVITE')).toEqual([]);
    expect(test.events.names('call.failed')).toHaveLength(1);
  });
});
