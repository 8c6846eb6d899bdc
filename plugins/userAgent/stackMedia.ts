import type { ByKind, SessionFact } from '../../src/core/index.ts';

type Kind = keyof ByKind;

/** Which media a connection carries, and which of them the far end sends, as negotiated. */
export function mediaFact(
  connection: RTCPeerConnection | null,
): Extract<SessionFact, { readonly type: 'media' }> {
  const has = (kind: Kind, directions: readonly RTCRtpTransceiverDirection[]): boolean =>
    (connection?.getTransceivers() ?? []).some(
      ({ receiver, currentDirection }) =>
        receiver.track.kind === kind &&
        currentDirection !== null &&
        directions.includes(currentDirection),
    );
  const both = (...directions: readonly RTCRtpTransceiverDirection[]): ByKind => ({
    audio: has('audio', directions),
    video: has('video', directions),
  });
  return {
    type: 'media',
    media: both('sendrecv', 'sendonly', 'recvonly', 'inactive'),
    receiving: both('sendrecv', 'recvonly'),
  };
}

/** Whether the far end takes what is sent of a kind, as negotiated last. */
export function isTaken(connection: RTCPeerConnection | undefined, kind: Kind): boolean {
  return (connection?.getTransceivers() ?? []).some(
    ({ receiver, currentDirection }) =>
      receiver.track.kind === kind &&
      (currentDirection === 'sendrecv' || currentDirection === 'sendonly'),
  );
}

/**
 * Sends `track` instead of what is sent of its kind, or nothing. True when a new offer must tell the
 * far end: the connection had no such media so far, or a picture comes or goes. Sound keeps its place
 * in the call, sent or not: a call without it is none.
 */
export async function replaceTrack(
  connection: RTCPeerConnection,
  kind: Kind,
  track: MediaStreamTrack | null,
): Promise<boolean> {
  const transceiver = connection
    .getTransceivers()
    .find(({ receiver, direction }) => receiver.track.kind === kind && direction !== 'stopped');
  if (!transceiver) {
    if (track) connection.addTrack(track);
    return track !== null;
  }
  await transceiver.sender.replaceTrack(track);
  if (track === null && transceiver.mid === null) {
    // Offered and refused: a later offer must not bring it up again.
    transceiver.stop();
    return false;
  }
  if (kind === 'audio') return false;
  const before = transceiver.direction;
  transceiver.direction = track ? sending[before] : silent[before];
  return transceiver.direction !== before;
}

type Directions = Readonly<Record<RTCRtpTransceiverDirection, RTCRtpTransceiverDirection>>;

const sending: Directions = {
  sendrecv: 'sendrecv',
  sendonly: 'sendonly',
  recvonly: 'sendrecv',
  inactive: 'sendrecv',
  stopped: 'stopped',
};

const silent: Directions = {
  sendrecv: 'recvonly',
  sendonly: 'inactive',
  recvonly: 'recvonly',
  inactive: 'inactive',
  stopped: 'stopped',
};

/** Declines the picture that is offered: without this a browser takes it and sends none. */
export function declineVideo(connection: RTCPeerConnection | null): void {
  for (const transceiver of connection?.getTransceivers() ?? []) {
    const isUnused = transceiver.sender.track === null;
    if (transceiver.receiver.track.kind === 'video' && isUnused) transceiver.direction = 'inactive';
  }
}
