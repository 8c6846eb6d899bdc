/** Changes the sound of a call: gets a live track, gives another one. */
export interface AudioProcessor {
  /** A name for logs and errors, such as `noiseSuppression`. */
  readonly name: string;
  /** Gives the changed track. Rejects when it cannot: the phone then goes on with the unchanged track. */
  readonly process: (
    track: MediaStreamTrack,
    context: AudioContext,
  ) => ProcessedTrack | Promise<ProcessedTrack>;
}

/** What a processor made of a track. */
export interface ProcessedTrack {
  readonly track: MediaStreamTrack;
  /** Lets go of nodes and of the track that was made; never stops the input track. */
  readonly stop: () => void;
}
