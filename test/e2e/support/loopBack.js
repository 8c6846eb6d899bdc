// For pages that try the harness: loopBack(track) sends a track from a peer connection of the page
// to another one of it, which is then the newest.
globalThis.loopBack = async (track) => {
  const [sender, receiver] = [new RTCPeerConnection(), new RTCPeerConnection()];
  sender.onicecandidate = ({ candidate }) => void receiver.addIceCandidate(candidate);
  receiver.onicecandidate = ({ candidate }) => void sender.addIceCandidate(candidate);
  sender.addTrack(track);
  await sender.setLocalDescription();
  await receiver.setRemoteDescription(sender.localDescription);
  await receiver.setLocalDescription();
  await sender.setRemoteDescription(receiver.localDescription);
};
